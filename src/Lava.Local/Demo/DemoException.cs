namespace Lava.Local.Demo;

/// <summary>The demo's data could not be made.</summary>
internal sealed class DemoException(string message) : Exception(message);
