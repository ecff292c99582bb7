namespace Lava.Core.Gateway;

/// <summary>What is wrong with request metadata.</summary>
/// <param name="Key">The key at fault; empty where it is the whole.</param>
/// <param name="Message">A sentence for the caller.</param>
public readonly record struct MetadataIssue(string Key, string Message);
