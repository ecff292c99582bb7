namespace Lava.Service.Gateway.Keys;

/// <summary>By what a call can be made at a provider.</summary>
internal enum KeyOutlook
{
    /// <summary>Nothing: nobody has a key.</summary>
    None,

    /// <summary>The sandbox answers.</summary>
    Sandbox,

    /// <summary>The operator has named an address and no key.</summary>
    AddressAlone,

    /// <summary>A key.</summary>
    Key,
}
