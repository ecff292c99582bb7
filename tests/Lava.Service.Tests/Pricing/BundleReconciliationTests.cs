using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Pricing;

/// <summary>What a PATCH makes of the bundles A, B (bought automatically) and C of a plan. <c>{a}</c>, <c>{b}</c>, <c>{c}</c> stand for their ids, <c>{x}</c> for the id of a bundle of
/// another plan.</summary>
public sealed class BundleReconciliationTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string A = "A 5.00 6.00", B = "B 20.00 30.00", C = "C 50.00 80.00", D = "D 1.00 2.00";

    [Theory]
    [InlineData("""{}""", "B", A, B, C)]
    [InlineData("""{"credit_bundles":null}""", "B", A, B, C)]
    [InlineData("""{"credit_bundles":[]}""", "B", A, B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":"A2","cost":"7.5","credit_amount":"9"}]}""", "B", "A2 7.50 9.00", B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{b}","name":"B2","cost":20,"credit_amount":30}]}""", "B2", A, "B2 20.00 30.00", C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","cost":"0.5"}]}""", "B", "A 0.50 6.00", B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","credit_amount":"0.0000000001"}]}""", "B", "A 5.00 0.0000000001", B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":null,"cost":null,"credit_amount":null,"is_deleted":null}]}""", "B", A, B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":"A","cost":"5","credit_amount":"6","is_deleted":false}]}""", "B", A, B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":"A","cost":"5","credit_amount":"6","is_deleted":true}]}""", "B", B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","is_deleted":true,"name":7,"cost":"never"}]}""", "B", B, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{b}","is_deleted":true}]}""", null, A, C)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{b}","is_deleted":true}],"default_auto_top_up_bundle_id":"{a}"}""", "A", A, C)]
    [InlineData("""{"credit_bundles":[{"name":"D","cost":"1","credit_amount":"2"}]}""", "B", A, B, C, D)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":null,"name":"D","cost":"1","credit_amount":"2","is_deleted":false}]}""", "B", A, B, C, D)]
    [InlineData("""{"credit_bundles":[{"name":"D","cost":"1","credit_amount":"2"},{"name":"D","cost":"1","credit_amount":"2"}]}""", "B", A, B, C, D, D)]
    [InlineData("""{"credit_bundles":[{"name":"D","cost":"1","credit_amount":"2"},{"credit_bundle_id":"{c}","is_deleted":true},{"credit_bundle_id":"{a}","name":"A2"}]}""", "B", "A2 5.00 6.00", B, D)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{c}","is_deleted":true},{"credit_bundle_id":"{a}","is_deleted":true},{"credit_bundle_id":"{b}","is_deleted":true}]}""", null)]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{c}","is_deleted":true},{"credit_bundle_id":"{a}","is_deleted":true},{"credit_bundle_id":"{b}","is_deleted":true},{"name":"D","cost":"1","credit_amount":"2"}]}""", null, D)]
    [InlineData("""{"default_auto_top_up_bundle_id":null}""", null, A, B, C)]
    [InlineData("""{"default_auto_top_up_bundle_id":"{c}"}""", "C", A, B, C)]
    public async Task Named_are_changed_or_removed_unnamed_are_added_unmentioned_stay(string body, string? topUp, params string[] bundles)
    {
        var (key, plan, other) = await PrepareAsync();
        var changed = await host.PatchAsync(key, "/v1/plans/" + plan["plan_id"], Fill(body, plan, other));
        changed.Status.ShouldBe(200, changed.Body.GetRawText());
        changed.Bundles().ShouldBe(bundles);
        var shown = changed.Body.GetProperty("credit_bundles").EnumerateArray().SingleOrDefault(bundle => bundle.GetProperty("credit_bundle_id").GetString() == changed["default_auto_top_up_bundle_id"]);
        (shown.ValueKind == default ? null : shown.GetProperty("name").GetString()).ShouldBe(topUp);

        // Who stays keeps its id, and the bundles' own endpoints tell the same.
        foreach (var (id, name) in plan.BundleIds().Zip(["A", "B", "C"])) changed.BundleIds().Contains(id).ShouldBe(bundles.Any(bundle => bundle.StartsWith(name, StringComparison.Ordinal)));
        (await host.GetAsync(key, "/v1/plans/" + plan["plan_id"])).Body.GetRawText().ShouldBe(changed.Body.GetRawText());
        (await host.GetAsync(key, $"/v1/credit_bundles?limit=100&plan_id={plan["plan_id"]}")).Ids("credit_bundle_id").ShouldBe(changed.BundleIds(), ignoreOrder: true);
        (await host.GetAsync(key, "/v1/credit_bundles?limit=100")).Ids("credit_bundle_id").ShouldBe([.. changed.BundleIds(), .. other.BundleIds()], ignoreOrder: true);
        foreach (var id in plan.BundleIds()) (await host.GetAsync(key, "/v1/credit_bundles/" + id)).Status.ShouldBe(changed.BundleIds().Contains(id) ? 200 : 404);
        foreach (var (id, bundle) in changed.BundleIds().Zip(bundles))
        {
            var one = await host.GetAsync(key, "/v1/credit_bundles/" + id);
            ($"{one["name"]} {one["cost"]} {one["credit_amount"]}", one["plan_id"]).ShouldBe((bundle, plan["plan_id"]));
        }
    }

    [Theory]
    [InlineData("""{"credit_bundles":"x"}""", "credit_bundles")]
    [InlineData("""{"credit_bundles":[7]}""", "credit_bundles.0")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"cb_test_01ARZ3NDEKTSV4RRFFQ69G5FAV","is_deleted":true}]}""", "credit_bundles.0.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{x}","name":"mine"}]}""", "credit_bundles.0.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{x}","is_deleted":true}]}""", "credit_bundles.0.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":7,"name":"n"}]}""", "credit_bundles.0.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":"1"},{"credit_bundle_id":"{a}","name":"2"}]}""", "credit_bundles.1.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","is_deleted":true},{"credit_bundle_id":"{a}","is_deleted":true}]}""", "credit_bundles.1.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","is_deleted":true},{"credit_bundle_id":"{a}","name":"back"}]}""", "credit_bundles.1.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","is_deleted":"yes"}]}""", "credit_bundles.0.is_deleted")]
    [InlineData("""{"credit_bundles":[{"name":"A","is_deleted":true}]}""", "credit_bundles.0.credit_bundle_id")]
    [InlineData("""{"credit_bundles":[{"name":"D","cost":"1"}]}""", "credit_bundles.0.credit_amount")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":"","cost":"0","credit_amount":"0"}]}""", "credit_bundles.0.name", "credit_bundles.0.cost", "credit_bundles.0.credit_amount")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","name":"A2"},{"credit_bundle_id":"{b}","cost":"10000.01"}]}""", "credit_bundles.1.cost")]
    [InlineData("""{"credit_bundles":[{"credit_bundle_id":"{a}","is_deleted":true}],"default_auto_top_up_bundle_id":"{a}"}""", "default_auto_top_up_bundle_id")]
    [InlineData("""{"default_auto_top_up_bundle_id":"{x}"}""", "default_auto_top_up_bundle_id")]
    [InlineData("""{"default_auto_top_up_bundle_id":5,"name":"New"}""", "default_auto_top_up_bundle_id")]
    [InlineData("""{"default_auto_top_up_bundle_id":"","name":"New"}""", "default_auto_top_up_bundle_id")]
    public async Task What_cannot_be_done_is_named_and_nothing_changes(string body, params string[] issues)
    {
        var (key, plan, other) = await PrepareAsync();
        var before = await SnapshotAsync(key);
        var answer = await host.PatchAsync(key, "/v1/plans/" + plan["plan_id"], Fill(body, plan, other));
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
        answer.Issues.ShouldBe(issues, ignoreOrder: true);
        (await SnapshotAsync(key)).ShouldBe(before);
    }

    [Fact]
    public async Task What_was_read_can_be_written_back()
    {
        var (key, plan, _) = await PrepareAsync();
        var written = await host.PatchAsync(key, "/v1/plans/" + plan["plan_id"], plan.Body.GetRawText());
        (written.Status, written.Body.GetRawText()).ShouldBe((200, plan.Body.GetRawText()));
    }

    [Fact]
    public async Task Fifty_bundles_are_exchanged_for_others_in_one_go_and_a_fifty_first_is_refused()
    {
        var key = await host.NewKeyAsync();
        var plan = await host.NewPlanAsync(key, $"\"credit_bundles\":[{Repeat("""{"name":"D","cost":"1","credit_amount":"2"}""", 50)}]");
        var path = "/v1/plans/" + plan["plan_id"];
        var more = await host.PatchAsync(key, path, """{"credit_bundles":[{"name":"D","cost":"1","credit_amount":"2"}]}""");
        (more.Status, more.Issues.Single()).ShouldBe((400, "credit_bundles"));
        var removals = string.Join(',', plan.BundleIds().Take(25).Select(id => $$"""{"credit_bundle_id":"{{id}}","is_deleted":true}"""));
        var changed = await host.PatchAsync(key, path, $$"""{"credit_bundles":[{{Repeat("""{"name":"E","cost":"1","credit_amount":"2"}""", 25)}},{{removals}}]}""");
        changed.Status.ShouldBe(200);
        changed.Bundles().ShouldBe([.. Enumerable.Repeat("D 1.00 2.00", 25), .. Enumerable.Repeat("E 1.00 2.00", 25)]);
    }

    [Fact]
    public async Task Changes_of_a_plan_that_race_lose_nothing()
    {
        var (key, plan, _) = await PrepareAsync();
        var path = "/v1/plans/" + plan["plan_id"];

        // All have read the plan before the first of them writes it.
        string[] bodies =
        [
            """{"name":"Renamed"}""", """{"included_credit":"3"}""", """{"rollover_type":"full"}""", """{"bundle_rollover_type":"none"}""",
            """{"credit_bundles":[{"name":"D","cost":"1","credit_amount":"2"}]}""", Fill("""{"credit_bundles":[{"credit_bundle_id":"{a}","is_deleted":true}]}""", plan, plan),
            Fill("""{"credit_bundles":[{"credit_bundle_id":"{b}","cost":"21"}]}""", plan, plan), Fill("""{"default_auto_top_up_bundle_id":"{c}"}""", plan, plan),
        ];
        var (reads, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        host.Tables.AfterGet = table =>
        {
            if (table != Ports.Tables.TableNames.Resources) return Task.CompletedTask;
            if (Interlocked.Increment(ref reads) == bodies.Length) all.SetResult();
            return all.Task;
        };
        var answers = await Task.WhenAll(bodies.Select(body => host.PatchAsync(key, path, body)));
        host.Tables.AfterGet = null;

        answers.ShouldAllBe(answer => answer.Status == 200);
        reads.ShouldBeGreaterThan(bodies.Length);
        var after = await host.GetAsync(key, path);
        (after["name"], after["included_credit"], after["rollover_type"], after["bundle_rollover_type"]).ShouldBe(("Renamed", "3.00", "full", "none"));
        after.Bundles().ShouldBe(["B 21.00 30.00", C, D]);
        after["default_auto_top_up_bundle_id"].ShouldBe(plan.BundleIds()[2]);
        (await host.GetAsync(key, $"/v1/credit_bundles?plan_id={plan["plan_id"]}")).Ids("credit_bundle_id").ShouldBe(after.BundleIds(), ignoreOrder: true);
    }

    private async Task<(string Key, Answer Plan, Answer Other)> PrepareAsync()
    {
        var key = await host.NewKeyAsync();
        var other = await host.NewPlanAsync(key, """ "credit_bundles":[{"name":"X","cost":"3","credit_amount":"4"}] """);
        return (key, await host.NewPlanAsync(key, PlanHttp.ThreeBundles), other);
    }

    private async Task<string> SnapshotAsync(string key) =>
        (await host.GetAsync(key, "/v1/plans?limit=100")).Body.GetRawText() + (await host.GetAsync(key, "/v1/credit_bundles?limit=100")).Body.GetRawText();

    private static string Fill(string body, Answer plan, Answer other)
    {
        var ids = plan.BundleIds();
        return body.Replace("{a}", ids[0], StringComparison.Ordinal).Replace("{b}", ids[1], StringComparison.Ordinal)
            .Replace("{c}", ids[2], StringComparison.Ordinal).Replace("{x}", other.BundleIds()[0], StringComparison.Ordinal);
    }

    private static string Repeat(string json, int count) => string.Join(',', Enumerable.Repeat(json, count));
}
