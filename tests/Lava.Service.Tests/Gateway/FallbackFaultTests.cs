using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Batches;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Gateway;

public sealed class FallbackFaultTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Theory]
    [InlineData(typeof(TableStoreException))]
    [InlineData(typeof(VaultException))]
    public async Task A_fallback_that_cannot_be_found_out_leaves_the_failure_as_the_answer_and_nothing_reserved(Type fault)
    {
        var merchant = await host.NewMerchantAsync();
        var first = new ForwardPlan(host.Services.GetRequiredService<CallIntake>(), host.Services.GetRequiredService<ProviderCatalogue>(), host.Services.GetRequiredService<BatchMetering>());
        var http = new DefaultHttpContext { RequestServices = host.Services };
        http.Request.Method = "POST";
        http.Request.Path = "/v1/forward";
        http.Request.QueryString = new QueryString("?u=https://api.openai.com/v1/chat/completions");
        http.Request.Headers.Authorization = "Bearer " + merchant.TestKey;
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi [sandbox: status=500]"}]}"""u8.ToArray());
        using var answer = new MemoryStream();
        http.Response.Body = answer;

        await host.Services.GetRequiredService<CallRunner>().RunAsync(http, new Failing(first, (Exception)Activator.CreateInstance(fault)!));

        http.Response.StatusCode.ShouldBe(500);
        Encoding.UTF8.GetString(answer.ToArray()).ShouldContain("The sandbox was asked to answer 500.");
        var id = http.Response.Headers["x-lava-request-id"].ToString();
        var record = default(JsonElement);
        for (var i = 0; i < 500 && (record.ValueKind == JsonValueKind.Undefined || record.GetProperty("status").GetString() == "pending"); i++)
        {
            var shown = await host.GetAsync(merchant.TestKey, "/v1/requests/" + id);
            if (shown.Status == 200) record = shown.Body;
            await Task.Yield();
        }

        record.GetProperty("error_code").GetString().ShouldBe("provider_error");

        // All of the wallet can be reserved, so nothing of it is held.
        var whole = await host.Services.GetRequiredService<Budgets>().TryReserveAsync(BookKey.Wallet(new Core.Keys.Tenant(merchant.Merchant.Id, Core.Keys.Mode.Test)), Core.Ledger.Account.Wallet, 100, CancellationToken.None);
        whole.ShouldNotBeNull().Release();
    }

    private sealed class Failing(CallPlan first, Exception fault) : CallPlan
    {
        public override bool HasNext => true;

        public override ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(HttpContext http, CallStart start) => first.FirstAsync(http, start);

        public override ValueTask<ForwardCall?> NextAsync(CancellationToken cancellationToken) => throw fault;
    }
}
