using System.Text;
using System.Text.Json;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.SpendKeys;

public sealed class SpendKeyInputTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    /// <summary>A wrong member, and where the refusal says that it is wrong.</summary>
    public static readonly TheoryData<string, string> Wrong = new()
    {
        { """{"name":""}""", "name" },
        { """{"name":7}""", "name" },
        { """{"name":"a\u0000b"}""", "name" },
        { """{"name":"a\nb"}""", "name" },
        { $$"""{"name":"{{new string('x', 256)}}"}""", "name" },
        { """{"status":"revoked"}""", "status" },
        { """{"status":"Active"}""", "status" },
        { """{"status":true}""", "status" },
        { """{"request_shape":"bedrock"}""", "request_shape" },
        { """{"request_shape":[]}""", "request_shape" },
        { """{"allowed_models":[]}""", "allowed_models" },
        { """{"allowed_models":"gpt-4o"}""", "allowed_models" },
        { """{"allowed_models":{}}""", "allowed_models" },
        { """{"allowed_models":["a","",null]}""", "allowed_models.1 allowed_models.2" },
        { $$"""{"allowed_models":["{{new string('x', 256)}}"]}""", "allowed_models.0" },
        { """{"allowed_providers":[]}""", "allowed_providers" },
        { """{"allowed_providers":[["openai"]]}""", "allowed_providers.0" },
        { """{"spend_limit":"50"}""", "spend_limit" },
        { """{"spend_limit":[]}""", "spend_limit" },
        { """{"spend_limit":{}}""", "spend_limit.amount spend_limit.cycle" },
        { """{"spend_limit":{"amount":"0","cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":"0.0000000000","cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":"-1","cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":-1,"cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":"1e3","cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":"1,5","cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":"0.00000000001","cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":null,"cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":1e400,"cycle":"daily"}}""", "spend_limit.amount" },
        { """{"spend_limit":{"amount":"1"}}""", "spend_limit.cycle" },
        { """{"spend_limit":{"amount":"1","cycle":"yearly"}}""", "spend_limit.cycle" },
        { """{"spend_limit":{"amount":"1","cycle":0}}""", "spend_limit.cycle" },
        { """{"request_limit":5}""", "request_limit" },
        { """{"request_limit":{"count":0,"cycle":"total"}}""", "request_limit.count" },
        { """{"request_limit":{"count":-1,"cycle":"total"}}""", "request_limit.count" },
        { """{"request_limit":{"count":10000000,"cycle":"total"}}""", "request_limit.count" },
        { """{"request_limit":{"count":1.5,"cycle":"total"}}""", "request_limit.count" },
        { """{"request_limit":{"count":"5","cycle":"total"}}""", "request_limit.count" },
        { """{"request_limit":{"count":99999999999999999999,"cycle":"total"}}""", "request_limit.count" },
        { """{"request_limit":{"count":5,"cycle":null}}""", "request_limit.cycle" },
        { """{"rate_limit":false}""", "rate_limit" },
        { """{"rate_limit":{}}""", "rate_limit.rpm" },
        { """{"rate_limit":{"rpm":0}}""", "rate_limit.rpm" },
        { """{"rate_limit":{"rpm":null,"burst":1}}""", "rate_limit.rpm" },
        { """{"rate_limit":{"rpm":1,"burst":0}}""", "rate_limit.burst" },
        { """{"rate_limit":{"rpm":1,"burst":"5"}}""", "rate_limit.burst" },
        { """{"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at" },
        { """{"expires_at":"2026-03-01T00:00:00Z"}""", "expires_at" },
        { """{"expires_at":"2027-01-01"}""", "expires_at" },
        { """{"expires_at":"2027-01-01T00:00:00"}""", "expires_at" },
        { """{"expires_at":"2027-01-01T00:00:00.5"}""", "expires_at" },
        { """{"expires_at":"2027-02-30T00:00:00Z"}""", "expires_at" },
        { """{"expires_at":1800000000}""", "expires_at" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_member_is_refused_where_it_is_wrong_and_changes_nothing(string json, string issues)
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key, "\"rate_limit\":{\"rpm\":3}");
        var before = (await host.GetAsync(key, SpendKeyHttp.Path)).Body.GetRawText();
        var create = json.Contains("\"name\"", StringComparison.Ordinal) ? json : """{"name":"x",""" + json[1..];
        foreach (var (method, path, body) in new[] { ("POST", "", create), ("PUT", "/" + made["spend_key_id"], json), ("PATCH", "/" + made["spend_key_id"], json) })
        {
            var answer = await host.SendAsync(key, method, SpendKeyHttp.Path + path, Encoding.UTF8.GetBytes(body));
            (answer.Status, answer.Code).ShouldBe((400, "validation_error"), $"{method} {json}");
            answer.Issues.ShouldBe(issues.Split(' '), $"{method} {json}");
        }

        (await host.GetAsync(key, SpendKeyHttp.Path)).Body.GetRawText().ShouldBe(before);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":null}""")]
    [InlineData("")]
    public async Task A_key_without_a_name_is_not_made(string json)
    {
        var key = await host.NewKeyAsync();
        var answer = await host.PostAsync(key, SpendKeyHttp.Path, json);
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(["name"]);
        (await host.GetAsync(key, SpendKeyHttp.Path)).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_longest_lists_that_are_let_in_can_be_kept_and_longer_ones_are_refused()
    {
        var key = await host.NewKeyAsync();

        // The letter takes six bytes in a row.
        var names = Enumerable.Range(0, 100).Select(_ => new string('ü', 200)).ToArray();
        var made = await host.NewSpendKeyAsync(key, $"\"allowed_models\":{JsonSerializer.Serialize(names)},\"allowed_providers\":{JsonSerializer.Serialize(names)}");
        (made.Status, made.Body.GetProperty("allowed_models").GetArrayLength()).ShouldBe((201, 100));
        foreach (var tooLong in new[] { names.Append("x"), Enumerable.Repeat("x", 501) })
        {
            var answer = await host.NewSpendKeyAsync(key, $"\"allowed_models\":{JsonSerializer.Serialize(tooLong)}");
            (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
            answer.Issues.ShouldBe(["allowed_models"]);
        }
    }

    [Fact]
    public async Task Amounts_may_be_numbers_and_the_bounds_themselves_are_let_in()
    {
        var made = await host.NewSpendKeyAsync(
            await host.NewKeyAsync(),
            """ "spend_limit":{"amount":1e-7,"cycle":"total"},"request_limit":{"count":1,"cycle":"monthly"},"rate_limit":{"rpm":1,"burst":null},"expires_at":"2026-03-01T00:00:01Z" """);
        (made.Status, made["spend_limit.amount"], made["request_limit.count"], made["rate_limit"]).ShouldBe((201, "0.0000001", "1", """{"rpm":1,"burst":null}"""));
    }

    [Fact]
    public async Task Neither_nobody_nor_a_spend_key_itself_manages_spend_keys()
    {
        var key = await host.NewKeyAsync();
        var made = await host.NewSpendKeyAsync(key);
        var path = $"{SpendKeyHttp.Path}/{made["spend_key_id"]}";
        foreach (var (method, at) in new[] { ("POST", SpendKeyHttp.Path), ("GET", SpendKeyHttp.Path), ("GET", path), ("PUT", path), ("PATCH", path), ("DELETE", path), ("POST", path + "/rotate") })
        {
            (await host.SendAsync("", method, at)).Code.ShouldBe("authentication_required", method);
            (await host.SendAsync(made["key"]!, method, at)).Code.ShouldBe("secret_key_invalid", method);
        }

        (await host.GetAsync(key, path)).Status.ShouldBe(200);
    }
}
