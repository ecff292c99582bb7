using Lava.Core.Keys;
using Lava.Service.Customers;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Storage;

/// <summary>Four tenants (two merchants in two modes) that call everything by the same names.</summary>
public sealed class SameNamesTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task Each_tenant_sees_changes_and_deletes_its_own()
    {
        var owners = await TenantsAsync();
        var customers = new List<string>();
        var meters = new List<string>();
        foreach (var (index, owner) in owners.Index())
        {
            customers.Add(await host.NewCustomerAsync(owner.Key, $$"""{"reference_id":"u1","name":"N{{index}}"}"""));
            meters.Add(await host.NewMeterAsync(owner.Key, "\"meter_slug\":\"chat\""));
            (await host.PatchAsync(owner.Key, "/v1/meters/chat", $$"""{"name":"N{{index}}"}""")).Status.ShouldBe(200);
        }

        host.Clock.Advance(TimeSpan.FromSeconds(15));
        for (var deleted = 0; deleted <= owners.Count; deleted++)
        {
            foreach (var (index, owner) in owners.Index())
            {
                var (customer, meter) = (await host.GetAsync(owner.Key, "/v1/customers/u1"), await host.GetAsync(owner.Key, "/v1/meters/chat"));
                if (index < deleted) (customer.Status, meter.Status).ShouldBe((404, 404));
                else (customer["customer_id"], customer["contact.first_name"], meter["meter_id"], meter["name"]).ShouldBe((customers[index], $"N{index}", meters[index], $"N{index}"));
            }

            if (deleted == owners.Count) break;
            (await host.DeleteAsync(owners[deleted].Key, "/v1/customers/u1")).Status.ShouldBe(200);
            (await host.DeleteAsync(owners[deleted].Key, "/v1/meters/chat")).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task What_the_gateway_keeps_in_memory_is_kept_by_tenant()
    {
        var owners = await TenantsAsync();
        var (customers, meters, plans) = (host.Services.GetRequiredService<CustomerStore>(), host.Services.GetRequiredService<MeterStore>(), host.Services.GetRequiredService<PlanStore>());
        var customer = await host.NewCustomerAsync(owners[0].Key, """{"reference_id":"u1"}""");
        var meter = await host.NewMeterAsync(owners[0].Key, "\"meter_slug\":\"chat\"");
        var plan = (await host.GetAsync(owners[0].Key, "/v1/plans"))["data.0.plan_id"]!;
        foreach (var (index, owner) in owners.Index())
        {
            foreach (var name in new[] { customer, "u1" }) ((await customers.FindCachedAsync(owner.Tenant, name, default)) is not null).ShouldBe(index == 0, $"{index} {name}");
            foreach (var name in new[] { meter, "chat" }) ((await meters.FindCachedAsync(owner.Tenant, name, default)) is not null).ShouldBe(index == 0, $"{index} {name}");
            ((await plans.FindCachedAsync(owner.Tenant, plan, default)) is not null).ShouldBe(index == 0, $"{index} {plan}");
        }
    }

    [Fact]
    public async Task Nothing_of_another_tenant_can_be_linked_or_used_as_a_place_in_a_list()
    {
        var owners = await TenantsAsync();
        var meter = await host.NewMeterAsync(owners[0].Key, "\"meter_slug\":\"chat\"");
        var customer = await host.NewCustomerAsync(owners[0].Key);
        foreach (var owner in owners.Skip(1))
        {
            var plan = (await host.GetAsync(owner.Key, "/v1/plans"))["data.0.plan_id"];
            foreach (var name in new[] { meter, "chat" })
            {
                var refused = await host.PatchAsync(owner.Key, "/v1/plans/" + plan, $$"""{"meter_ids":["{{name}}"]}""");
                (refused.Status, refused.Issues[0]).ShouldBe((400, "meter_ids.0"));
            }

            foreach (var (path, cursor) in new[] { ("/v1/customers", customer), ("/v1/meters", meter) })
            {
                // A cursor is only a point in time: with a stranger's, a list shows what is its own or is refused.
                var list = await host.GetAsync(owner.Key, $"{path}?cursor={cursor}");
                if (list.Status == 200) list["data"].ShouldBe("[]");
                else list.Status.ShouldBe(400);
            }

            (await host.GetAsync(owner.Key, "/v1/secret_keys")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        }
    }

    private async Task<IReadOnlyList<(string Key, Tenant Tenant)>> TenantsAsync()
    {
        var (first, second) = (await host.NewMerchantAsync(), await host.NewMerchantAsync());
        return
        [
            (first.TestKey, new Tenant(first.Merchant.Id, Mode.Test)), (second.TestKey, new Tenant(second.Merchant.Id, Mode.Test)),
            (first.LiveKey, new Tenant(first.Merchant.Id, Mode.Live)), (second.LiveKey, new Tenant(second.Merchant.Id, Mode.Live)),
        ];
    }
}
