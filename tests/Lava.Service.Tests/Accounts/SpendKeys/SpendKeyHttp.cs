using System.Text;
using Lava.Core.Keys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>What tests of spend keys ask of the host.</summary>
internal static class SpendKeyHttp
{
    public const string Path = "/v1/spend_keys";

    public static SpendKeyStore SpendKeys(this ManagementHost host) => host.Services.GetRequiredService<SpendKeyStore>();

    public static Tenant Test(this NewMerchant merchant) => new(merchant.Merchant.Id, Mode.Test);

    /// <summary>Makes a key with further members.</summary>
    public static Task<Answer> NewSpendKeyAsync(this ManagementHost host, string key, string members = "") =>
        host.PostAsync(key, Path, $$"""{"name":"Agent"{{(members.Length > 0 ? "," + members : "")}}}""");

    public static Task<Answer> PutAsync(this ManagementHost host, string key, string path, string json) => host.SendAsync(key, "PUT", path, Encoding.UTF8.GetBytes(json));

    public static Task<Answer> RotateAsync(this ManagementHost host, string key, string id) => host.PostAsync(key, $"{Path}/{id}/rotate", null);

    /// <summary>Whether a raw spend key opens anything.</summary>
    public static async Task<bool> IsAliveAsync(this ManagementHost host, string raw) => (await host.GetAsync(raw, "/v1/models")).Status == 200;
}
