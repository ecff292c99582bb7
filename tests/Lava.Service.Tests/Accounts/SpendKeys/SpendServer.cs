namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>One server that the tests of a class share.</summary>
public sealed class SpendServer : IAsyncLifetime
{
    internal SpendWorld World { get; private set; } = null!;

    public async Task InitializeAsync() => World = await SpendWorld.StartAsync();

    public async Task DisposeAsync() => await World.DisposeAsync();
}
