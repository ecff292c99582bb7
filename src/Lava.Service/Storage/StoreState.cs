namespace Lava.Service.Storage;

/// <summary>Whether the store takes writes.</summary>
public enum StoreState
{
    /// <summary>It does.</summary>
    Ready,

    /// <summary>It does not now: a full disk, a lock, a service that does not answer.</summary>
    Unavailable,

    /// <summary>It does not, and will not by itself: the operator must look at it.</summary>
    Failed,
}
