namespace Lava.Service.Queues;

/// <summary>A session that waits for one of its messages to be delivered again, so that later ones do not overtake it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Until">Until when.</param>
internal sealed record SessionBlock(string Session, DateTimeOffset Until);
