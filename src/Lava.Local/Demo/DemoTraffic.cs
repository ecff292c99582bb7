using System.Text.Json.Nodes;

namespace Lava.Local.Demo;

/// <summary>The calls of the demo's customers and keys: more by day than by night, fewer at weekends, growing from week to week, with an outage of a provider
/// and one busy day. The same each time.</summary>
internal sealed class DemoTraffic(DemoClient client, DemoShop shop)
{
    private const int AtOnce = 8;

    private static readonly (string Model, int Weight, int Input, int Output, int FirstByte)[] Models =
    [
        ("gpt-4o-mini", 38, 7_000, 260, 420), ("gpt-4o", 14, 13_000, 420, 780), ("claude-sonnet-4-5", 20, 19_000, 520, 1_050),
        ("claude-haiku-4-5", 10, 9_500, 300, 520), ("gemini-2.5-flash", 14, 11_000, 340, 460), ("gpt-4.1", 4, 26_000, 640, 900),
    ];

    private static readonly (string Feature, int Weight)[] Features = [("chat", 55), ("summaries", 20), ("search", 15), ("drafts", 10)];

    private static readonly string[] Prompts =
    [
        "Summarise this thread in three sentences.", "Which of these invoices is overdue?", "Write a friendly answer to this customer.",
        "What changed between these two versions?", "Translate this notice into plain English.",
    ];

    private readonly Random _random = new(20_26);

    /// <summary>Sends the calls of an hour, at some time within it.</summary>
    /// <param name="clock">The clock, which is moved there.</param>
    /// <param name="hour">Its start.</param>
    /// <param name="end">When the demo's time ends.</param>
    /// <param name="progress">How much of the demo's time has passed, 0 to 1.</param>
    public async Task SendAsync(DemoClock clock, DateTimeOffset hour, DateTimeOffset end, double progress)
    {
        var calls = Enumerable.Range(0, CountOf(hour, progress)).Select(_ => Next(progress)).ToList();
        var at = hour.AddSeconds(_random.Next(3_600));
        clock.MoveTo(at < end ? at : end);
        foreach (var some in calls.Chunk(AtOnce)) await Task.WhenAll(some.Select(call => call()));
    }

    private int CountOf(DateTimeOffset hour, double progress)
    {
        var byDay = hour.Hour is >= 7 and < 19 ? 2.6 : hour.Hour is >= 5 and < 22 ? 1.0 : 0.25;
        var byWeek = hour.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.35 : 1;
        var busy = IsBusy(progress) ? 2.4 : 1;
        var expected = byDay * byWeek * busy * (0.5 + (0.9 * progress));
        return (int)expected + (_random.NextDouble() < expected % 1 ? 1 : 0);
    }

    private Func<Task> Next(double progress)
    {
        var (model, _, input, output, first) = Pick(Models, entry => entry.Weight);
        var feature = Pick(Features, entry => entry.Weight).Feature;
        var sandbox = $"input_tokens={Around(input)};output_tokens={Around(output)};delay_ms={Around(first)}{FaultOf(model, progress)}";
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Prompts[_random.Next(Prompts.Length)] });
        var body = new JsonObject { ["model"] = model, ["max_tokens"] = 4_000, ["messages"] = messages, ["stream"] = _random.Next(3) == 0 };
        var key = _random.Next(100) < 14 ? shop.SpendKeys[_random.Next(shop.SpendKeys.Count)] : null;
        var customer = key is null ? shop.NextPayer(_random) : null;
        var metadata = new JsonObject { ["feature"] = feature, ["environment"] = _random.Next(12) == 0 ? "staging" : "production" };
        (string Id, string Meter)? payer = customer is null ? null : (customer, feature == "search" ? "search" : "assistant");
        return () => client.CallAsync("chat/completions", body, key, payer, metadata, sandbox);
    }

    // Some calls fail anywhere; for some hours one provider is overloaded, and its calls are answered by another model.
    private string FaultOf(string model, double progress)
    {
        if (progress is > 0.70 and < 0.712 && model.StartsWith("claude", StringComparison.Ordinal)) return $";status=529;only={model}";
        return _random.Next(1_000) switch
        {
            < 8 => ";status=429",
            < 14 => ";status=500",
            < 17 => ";cut_after=3",
            < 22 => ";status=400",
            _ => "",
        };
    }

    private static bool IsBusy(double progress) => progress is > 0.86 and < 0.877;

    private int Around(int middle) => (int)(middle * (0.35 + (1.1 * _random.NextDouble()) + (0.2 * _random.NextDouble())));

    private T Pick<T>(IReadOnlyList<T> entries, Func<T, int> weight)
    {
        var at = _random.Next(entries.Sum(weight));
        foreach (var entry in entries)
        {
            at -= weight(entry);
            if (at < 0) return entry;
        }

        return entries[^1];
    }
}
