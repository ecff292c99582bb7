using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;

namespace Lava.Service.Queues;

/// <summary>Faults that pass and that no message is to blame for: the store, the queue, the payment processor or the vault is out of reach, or a book is too
/// busy.</summary>
internal static class TransientFault
{
    public static bool Is(Exception fault) =>
        fault is TableStoreException { IsTransient: true } or PaymentProcessorException { IsTransient: true } or VaultException;
}
