using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Pricing;

/// <summary>What the tests of plans ask of the server.</summary>
internal static class PlanHttp
{
    /// <summary>A plan that can be made, with further members; what it has twice counts as it stands last.</summary>
    public static string Body(string members = "") =>
        $$"""{"name":"Pro","period_amount":"25","billing_interval":"month"{{(members.Length > 0 ? "," + members : "")}}}""";

    /// <summary>Three bundles, the second of which is bought automatically.</summary>
    public const string ThreeBundles =
        """ "credit_bundles":[{"name":"A","cost":"5","credit_amount":"6"},{"name":"B","cost":"20","credit_amount":"30"},{"name":"C","cost":"50","credit_amount":"80"}],"default_auto_top_up_bundle_index":1 """;

    /// <summary>Makes a plan.</summary>
    public static async Task<Answer> NewPlanAsync(this ManagementHost host, string key, string members = "")
    {
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var made = await host.PostAsync(key, "/v1/plans", Body(members));
        made.Status.ShouldBe(201, made.Body.GetRawText());
        return made;
    }

    /// <summary>Ids of a plan's bundles, in its order.</summary>
    public static string[] BundleIds(this Answer plan) => [.. plan.Body.GetProperty("credit_bundles").EnumerateArray().Select(bundle => bundle.GetProperty("credit_bundle_id").GetString()!)];

    /// <summary>A plan's bundles in its order, <c>name cost credit_amount</c> each.</summary>
    public static string[] Bundles(this Answer plan) =>
        [.. plan.Body.GetProperty("credit_bundles").EnumerateArray().Select(bundle => $"{bundle.GetProperty("name")} {bundle.GetProperty("cost")} {bundle.GetProperty("credit_amount")}")];

    /// <summary>Ids in a list's answer.</summary>
    public static string[] Ids(this Answer list, string member) => [.. list.Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty(member).GetString()!)];
}
