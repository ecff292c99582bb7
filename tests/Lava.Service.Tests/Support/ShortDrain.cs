using System.Runtime.CompilerServices;

namespace Lava.Service.Tests.Support;

/// <summary>Servers of this process that are stopped wait a few seconds for what a test has left hanging on purpose, not the minutes that a real call may take.</summary>
internal static class ShortDrain
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("Lava__Local__DrainSeconds", "5");
}
