namespace Lava.StripeFake;

/// <summary>Serves the fake Stripe on a free port, says where, and ends when it is told to.</summary>
internal static class EntryPoint
{
    public static async Task Main()
    {
        await using var stripe = await FakeStripe.StartAsync();
        Console.WriteLine($"Stripe's stand-in serves {stripe.Address.AbsoluteUri}");
        await stripe.EndedAsync();
    }
}
