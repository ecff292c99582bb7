namespace Lava.Core.Formats;

/// <summary>Tools that a request asks its provider to run and that the provider bills by the call.</summary>
[Flags]
public enum HostedTools
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Searches of the web.</summary>
    WebSearch = 1,

    /// <summary>Searches of X (xAI).</summary>
    XSearch = 2,

    /// <summary>Searches of uploaded files.</summary>
    FileSearch = 4,

    /// <summary>Runs of code.</summary>
    CodeExecution = 8,

    /// <summary>Searches of the web by the tool that OpenAI had first (<c>web_search_preview</c>), whose price is another.</summary>
    WebSearchPreview = 16,
}
