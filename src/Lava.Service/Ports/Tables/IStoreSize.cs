namespace Lava.Service.Ports.Tables;

/// <summary>Tells how large a store is. Only stores that know it at little cost have this.</summary>
public interface IStoreSize
{
    /// <summary>Bytes that the store takes.</summary>
    long Bytes();
}
