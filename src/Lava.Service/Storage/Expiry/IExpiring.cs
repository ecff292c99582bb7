using Lava.Service.Ports.Tables;

namespace Lava.Service.Storage.Expiry;

/// <summary>Writes rows that are worth nothing from some time on, and lists them in the <see cref="ExpiryIndex"/>.</summary>
public interface IExpiring
{
    /// <summary>Names this writer.</summary>
    string Kind { get; }

    /// <summary>Whether a row of its is over. One that was written anew meanwhile is not, and is listed again.</summary>
    bool IsOver(TableRow row, DateTimeOffset now);
}
