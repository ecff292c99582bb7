namespace Lava.ServiceBusFake;

/// <summary>What a queue has and has seen.</summary>
/// <param name="Active">Messages that wait or are held.</param>
/// <param name="Scheduled">Messages whose time has not come.</param>
/// <param name="DeadLetters">Messages that were given up.</param>
/// <param name="Taken">Messages that came in, without duplicates.</param>
/// <param name="Duplicates">Messages that were dropped as duplicates.</param>
/// <param name="Completed">Messages that receivers completed.</param>
/// <param name="Redelivered">Deliveries after a message's first.</param>
/// <param name="Transfers">Transfers that senders made, refused ones included.</param>
/// <param name="Refused">Transfers that were refused.</param>
internal sealed record BusCount(int Active, int Scheduled, int DeadLetters, int Taken, int Duplicates, int Completed, int Redelivered, int Transfers, int Refused);
