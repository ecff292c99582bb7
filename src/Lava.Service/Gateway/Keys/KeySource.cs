namespace Lava.Service.Gateway.Keys;

/// <summary>Whose key a call takes to its provider (rest-api.md §2.6, <c>provider_key_type</c>).</summary>
internal enum KeySource
{
    /// <summary>The operator's: the merchant's wallet pays the provider's cost.</summary>
    Managed,

    /// <summary>One that the merchant has stored: the merchant pays the provider.</summary>
    Stored,

    /// <summary>One that came with the call: its owner pays the provider.</summary>
    Unmanaged,
}
