using Lava.Service.Customers.Portal;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Customers.Portal;

public sealed class PortalSessionTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Theory]
    [InlineData("""{}""", "customer_id,return_url")]
    [InlineData("""{"customer_id":"x","return_url":"shop.example"}""", "return_url")]
    [InlineData("""{"customer_id":"x","return_url":"javascript:alert(1)"}""", "return_url")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"https://shop.example/page"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"https://shop.example?a=b"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"https://user@shop.example"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"https://*.example"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"https://shop.example;script-src"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"*"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embed_origin":"null"}""", "embed_origin")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","plan_ids":"all"}""", "plan_ids")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","plan_ids":["a",7]}""", "plan_ids.1")]
    [InlineData("""{"customer_id":"x","return_url":"https://shop.example","embedOrigin":"https://shop.example"}""", "embedOrigin")]
    public async Task A_wrong_member_is_named(string body, string issues)
    {
        var answer = await host.PostAsync(await host.NewKeyAsync(), "/v1/portal_sessions", body);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(issues.Split(','));
    }

    [Fact]
    public async Task A_link_says_whose_it_is_where_it_leads_and_how_long_it_is_good()
    {
        var key = await host.NewKeyAsync();
        var customer = await host.NewCustomerAsync(key, """{"reference_id":"ada"}""");
        var plan = await host.NewPlanAsync(key, "Gold", "20");

        var made = await host.OpenPortalAsync(key, "ada", $$"""
            "embed_origin":"https://münchen.example:8443/","plan_ids":["{{plan}}"]
            """);

        made.Status.ShouldBe(201, made.Body.GetRawText());
        made.Body.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["portal_session_id", "url", "customer_id", "return_url", "embed_origin", "plan_ids", "expires_at", "created_at"]);
        made["portal_session_id"]!.ShouldStartWith("ps_test_");
        (made["customer_id"], made["return_url"], made["embed_origin"], made["plan_ids.0"])
            .ShouldBe((customer, "https://shop.example/account", "https://xn--mnchen-3ya.example:8443", plan));
        made["url"]!.ShouldStartWith(new Uri(host.Address, "portal/open/").AbsoluteUri);
        made["expires_at"].ShouldBe(host.Clock.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Customers_and_plans_of_others_are_not_found()
    {
        var merchant = await host.NewMerchantAsync();
        var customer = await host.NewCustomerAsync(merchant.TestKey);
        var plan = await host.NewPlanAsync(merchant.TestKey, "Gold", "20");
        foreach (var stranger in new[] { merchant.LiveKey, await host.NewKeyAsync() })
        {
            (await host.OpenPortalAsync(stranger, customer)).Code.ShouldBe("customer_not_found");
            (await host.OpenPortalAsync(stranger, await host.NewCustomerAsync(stranger), $"\"plan_ids\":[\"{plan}\"]")).Code.ShouldBe("plan_not_found");
        }

        await host.DeleteAsync(merchant.TestKey, "/v1/customers/" + customer);
        (await host.OpenPortalAsync(merchant.TestKey, customer)).Code.ShouldBe("customer_not_found");
    }

    [Fact]
    public async Task A_link_opens_one_visit_even_if_it_is_opened_many_times_at_once()
    {
        var key = await host.NewKeyAsync();
        var secret = await SecretAsync(key, await host.NewCustomerAsync(key));
        var store = host.Services.GetRequiredService<PortalStore>();

        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.OpenAsync(secret, default).AsTask()));

        opened.Count(one => one is not null).ShouldBe(1);
        var (id, session) = opened.Single(one => one is not null)!.Value;
        id.ShouldNotBe(secret);
        session.ExpiresAt.ShouldBe(host.Clock.GetUtcNow().AddHours(1));
        (await store.FindAsync(id, default))!.Id.ShouldBe(session.Id);
        (await store.FindAsync(secret, default)).ShouldBeNull("a link is no visit");
        (await store.OpenAsync(id, default)).ShouldBeNull("a visit is no link");
    }

    [Fact]
    public async Task A_link_ends_after_ten_minutes_and_a_visit_after_an_hour()
    {
        var own = new ManagementHost();
        await own.InitializeAsync();
        try
        {
            var key = await own.NewKeyAsync();
            var customer = await own.NewCustomerAsync(key);
            var store = own.Services.GetRequiredService<PortalStore>();
            var (late, early) = (await SecretAsync(own, key, customer), await SecretAsync(own, key, customer));
            own.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
            var (id, _) = (await store.OpenAsync(early, default))!.Value;
            own.Clock.Advance(TimeSpan.FromSeconds(1));
            (await store.OpenAsync(late, default)).ShouldBeNull();
            own.Clock.Advance(TimeSpan.FromMinutes(59));
            (await store.FindAsync(id, default)).ShouldNotBeNull();
            own.Clock.Advance(TimeSpan.FromMinutes(1));
            (await store.FindAsync(id, default)).ShouldBeNull();
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task Neither_a_links_secret_nor_a_visits_id_is_stored()
    {
        var key = await host.NewKeyAsync();
        var written = new List<string>();
        var secret = await SecretAsync(key, await host.NewCustomerAsync(key));
        var (id, _) = (await host.Services.GetRequiredService<PortalStore>().OpenAsync(secret, default))!.Value;
        foreach (var file in Directory.GetFiles(host.Folder))
            written.Add(System.Text.Encoding.Latin1.GetString(await ReadAsync(file)));

        written.ShouldNotBeEmpty();
        written.ShouldAllBe(text => !text.Contains(secret, StringComparison.Ordinal) && !text.Contains(id, StringComparison.Ordinal));
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private Task<string> SecretAsync(string key, string customer) => SecretAsync(host, key, customer);

    private static async Task<string> SecretAsync(ManagementHost host, string key, string customer) =>
        new Uri((await host.OpenPortalAsync(key, customer))["url"]!).Segments[^1];
}
