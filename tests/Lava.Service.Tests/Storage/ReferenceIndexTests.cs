using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Customers;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Storage;

/// <summary>References and customers agree, whatever is done to them in whatever order.</summary>
public sealed class ReferenceIndexTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private static readonly string[] References = ["a", "b", "c"];

    [Fact]
    public void A_reference_leads_where_a_simple_model_says()
    {
        var store = host.Services.GetRequiredService<CustomerStore>();
        var runs = 0;
        Prop.ForAll(Gen.Choose(0, 999).ListOf().ToArbitrary(), steps =>
        {
            var tenant = new Tenant($"mer_model{runs++}", Mode.Test);
            var model = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var step in steps) Do(store, tenant, model, step);
            foreach (var reference in References) IdOf(store, tenant, reference).ShouldBe(model.FirstOrDefault(known => known.Value == reference).Key);
            Wait(store.ListAsync(tenant, new ListQuery(100, null), default))!.Select(customer => (customer.Id, customer.ReferenceId)).ShouldBe(model.Select(known => (known.Key, known.Value)), ignoreOrder: true);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Changes_that_race_leave_every_reference_with_the_one_customer_that_has_it()
    {
        var key = await host.NewKeyAsync();
        var ids = new List<string>();
        for (var i = 0; i < 6; i++) ids.Add(await host.NewCustomerAsync(key));
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(ids.SelectMany(id => References.Select(reference => host.PatchAsync(key, "/v1/customers/" + id, $$"""{"reference_id":"{{reference}}"}""")))
                .Concat(References.Select(reference => host.PostAsync(key, "/v1/customers", $$"""{"reference_id":"{{reference}}"}""")))
                .Append(host.PatchAsync(key, "/v1/customers/" + ids[round], """{"reference_id":null}"""))
                .Append(host.DeleteAsync(key, "/v1/customers/" + ids[^1])));
            answers.ShouldAllBe(answer => answer.Status == 200 || answer.Status == 201 || answer.Status == 404 || answer.Status == 409);

            var all = (await host.GetAsync(key, "/v1/customers?limit=100")).Body.GetProperty("data").EnumerateArray().ToDictionary(item => item.GetProperty("customer_id").GetString()!, item => item.GetProperty("reference_id").GetString());
            foreach (var reference in References)
            {
                var found = await host.GetAsync(key, "/v1/customers/" + reference);
                var owners = all.Where(item => item.Value == reference).Select(item => item.Key).ToList();
                owners.ShouldBe(found.Status == 200 ? [found["customer_id"]!] : []);
            }
        }
    }

    private void Do(CustomerStore store, Tenant tenant, Dictionary<string, string?> model, int step)
    {
        var reference = (step / 10 % 4) < 3 ? References[step / 10 % 4] : null;
        var target = model.Keys.ElementAtOrDefault(step / 40 % Math.Max(1, model.Count));
        switch (step % 4)
        {
            case 0:
                var (customer, isNew) = Wait(store.AddAsync(tenant, New(reference), default));
                isNew.ShouldBe(reference is null || !model.ContainsValue(reference));
                model[customer.Id] = reference;
                break;
            case 1 when target is not null:
                var (before, etag) = Wait(store.FindAsync(tenant, target, default))!.Value;
                var (isDone, error) = Wait(store.ReplaceAsync(tenant, before, before with { ReferenceId = reference }, etag, default));
                var isTaken = reference is not null && model[target] != reference && model.ContainsValue(reference);
                (isDone, error is null).ShouldBe((!isTaken, !isTaken));
                if (isDone) model[target] = reference;
                break;
            case 2 when target is not null:
                var (gone, version) = Wait(store.FindAsync(tenant, model[target] ?? target, default))!.Value;
                Wait(store.DeleteAsync(tenant, gone, version, default)).ShouldBeTrue();
                model.Remove(target);
                break;
            default:
                // The gateway's lookup, so that what it keeps in memory is put to the test too.
                foreach (var name in References) (Wait(store.FindCachedAsync(tenant, name, default))?.Id).ShouldBe(model.FirstOrDefault(known => known.Value == name).Key);
                break;
        }
    }

    private Customer New(string? reference)
    {
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var now = host.Clock.GetUtcNow();
        return new Customer { Id = Id.Create(CustomerStore.Prefix, Mode.Test, now), ReferenceId = reference, CreatedAt = now, FirstSubscriptionId = "as_test_x", FirstPlanId = "sc_test_x" };
    }

    private static string? IdOf(CustomerStore store, Tenant tenant, string reference) => Wait(store.FindAsync(tenant, reference, default))?.Customer.Id;

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
