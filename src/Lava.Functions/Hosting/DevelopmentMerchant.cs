using Lava.Service.Admin;
using Microsoft.Extensions.Hosting;

namespace Lava.Functions.Hosting;

/// <summary>On development storage: makes the first merchant and prints its test key, once, as <c>./lava up</c> does.</summary>
internal sealed class DevelopmentMerchant(FirstMerchant first, string host, TextWriter output) : IHostedService
{
    /// <summary>Whether a connection string is that of a storage emulator, whose account and key are public (Microsoft Learn, "Use the Azurite
    /// emulator").</summary>
    public static bool IsDevelopmentStorage(string? connection) =>
        connection is not null
            && (connection.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase)
                || connection.Contains("AccountName=devstoreaccount1;", StringComparison.Ordinal));

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await first.CreateAsync(cancellationToken) is not { } merchant) return;
        await output.WriteLineAsync($$"""

            A first merchant is ready, in test mode. Its secret key is shown only once:

              {{merchant.TestKey}}

            Make a first call, which the built-in sandbox provider answers:

              curl "http://{{host}}/v1/forward?u=https://api.openai.com/v1/chat/completions" \
                -H "Authorization: Bearer {{merchant.TestKey}}" -H "Content-Type: application/json" \
                -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}'

            """);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
