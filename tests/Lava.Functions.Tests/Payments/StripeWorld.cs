using Lava.Contracts.Tests.Storage;
using Lava.Contracts.Tests.Vault;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Functions.Payments;
using Lava.Service.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.StripeFake;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Functions.Tests.Payments;

/// <summary>A fake Stripe, tables and a vault, and processors over them that share nothing else, as instances of the app do.</summary>
public sealed class StripeWorld : IAsyncLifetime
{
    internal FakeStripe Stripe { get; private set; } = null!;

    public MemoryTableStore Tables { get; } = new();

    internal MemoryVault Vault { get; } = new();

    internal static string WebhookSecret => "whsec_fake";

    public async Task InitializeAsync()
    {
        await Tables.EnsureTablesAsync(Lava.Service.Ports.Tables.TableNames.All, default);
        Stripe = await FakeStripe.StartAsync();
        await Vault.SetAsync("stripe-api-key", FakeStripe.ApiKey, default);
        await Vault.SetAsync("stripe-webhook-secret", WebhookSecret, default);
    }

    public async Task DisposeAsync() => await Stripe.DisposeAsync();

    public static string NewOwner() => PaymentOwners.Customer(new Tenant(Id.Create("mer", Mode.Live, TimeProvider.System.GetUtcNow()), Mode.Live), "con_live_x");

    /// <summary>A processor that does not try again by itself, unless it is told to, and waits for an answer as long as it is told to.</summary>
    internal StripeProcessor Open(int retries = 0, TimeSpan? timeout = null, string? publishableKey = FakeStripe.PublishableKey) => Open(Tables, retries, timeout, publishableKey);

    /// <summary>A processor of an instance that reaches the tables in its own way.</summary>
    internal StripeProcessor Open(ITableStore tables, int retries = 0, TimeSpan? timeout = null, string? publishableKey = FakeStripe.PublishableKey) =>
        new(tables, Access(retries, timeout, publishableKey: publishableKey), TimeProvider.System);

    /// <summary>The head as it is composed with these settings, over these tables and this vault.</summary>
    internal ServiceProvider Head(KeyValuePair<string, string?>[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", "UseDevelopmentStorage=true"), .. settings]).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton(new System.Diagnostics.DiagnosticListener("tests")).AddLavaOnAzure(configuration);
        services.Replace(ServiceDescriptor.Singleton<ITableStore>(Tables));
        services.Replace(ServiceDescriptor.Singleton<IVault>(Vault));
        return services.BuildServiceProvider();
    }

    internal StripeAccess Access(int retries = 0, TimeSpan? timeout = null, bool allowsTestKey = false, string? publishableKey = null)
    {
        var options = new StripeOptions
        {
            ApiKeySecret = "stripe-api-key", PublishableKey = publishableKey, PublicUrl = new Uri("https://lava.example"), ApiBase = Stripe.Address, Retries = retries, Timeout = timeout ?? TimeSpan.FromSeconds(30), AllowsTestKey = allowsTestKey,
        };
        return new StripeAccess(Vault, options, TimeProvider.System, NullLogger<StripeAccess>.Instance);
    }
}
