namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>A server whose test keys stay in the sandbox.</summary>
public sealed class SandboxedWorld : IAsyncLifetime
{
    public OddProviderWorld World { get; } = new();

    public Task InitializeAsync()
    {
        World.Settings["Lava:Gateway:ManagedTestCalls"] = "false";
        return World.InitializeAsync();
    }

    public Task DisposeAsync() => World.DisposeAsync();
}
