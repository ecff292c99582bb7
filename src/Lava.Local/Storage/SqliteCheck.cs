using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>Looks through a file for pages that SQLite cannot have written so.</summary>
internal static class SqliteCheck
{
    private const int Most = 20;

    /// <summary>What is wrong with it, a sentence each; empty where nothing is.</summary>
    public static IReadOnlyList<string> Find(string path)
    {
        var found = new List<string>();
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(20)";
            using var reader = command.ExecuteReader();
            while (reader.Read() && found.Count < Most)
            {
                foreach (var line in reader.GetString(0).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (line != "ok") found.Add($"The store's file is damaged: {line}");
                }
            }
        }
        catch (SqliteException fault)
        {
            found.Add($"The store's file cannot be read through: {fault.Message}");
        }

        return found;
    }
}
