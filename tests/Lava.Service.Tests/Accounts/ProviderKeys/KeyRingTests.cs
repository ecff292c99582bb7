using Lava.Service.Gateway.Keys;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

public sealed class KeyRingTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void Several_keys_take_turns()
    {
        var ring = new KeyRing(["one", "two", "three"], _clock);
        var taken = Enumerable.Range(0, 6).Select(_ => ring.Next()).ToList();
        taken.Order().ShouldBe(["one", "one", "three", "three", "two", "two"]);
        taken[..3].ShouldBeUnique();
    }

    [Fact]
    public void One_that_is_slowed_down_rests_and_another_is_named()
    {
        var ring = new KeyRing(["one", "two"], _clock);
        ring.Rest("one", TimeSpan.FromSeconds(30)).ShouldBe("two");
        for (var i = 0; i < 4; i++) ring.Next().ShouldBe("two");
        ring.Rest("two", TimeSpan.FromSeconds(10)).ShouldBeNull();
        ring.Next().ShouldBeOneOf("one", "two");
        _clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 4; i++) ring.Next().ShouldBe("two");
        _clock.Advance(TimeSpan.FromSeconds(20));
        new[] { ring.Next(), ring.Next() }.Order().ShouldBe(["one", "two"]);
    }

    [Fact]
    public void A_single_key_never_rests()
    {
        var ring = new KeyRing(["one"], _clock);
        ring.Rest("one", TimeSpan.FromSeconds(30)).ShouldBeNull();
        ring.Next().ShouldBe("one");
    }

    [Fact]
    public void A_ring_that_is_read_again_goes_on_resting_and_one_of_other_keys_too()
    {
        var rings = new KeyRings(_clock);
        var ring = rings.Set("a", ["one", "two"])!;
        ring.Rest("one", TimeSpan.FromMinutes(5));
        rings.TryGet("a", out var known).ShouldBeTrue();
        known.ShouldBeSameAs(ring);
        _clock.Advance(TimeSpan.FromMinutes(1));
        rings.TryGet("a", out _).ShouldBeFalse();
        rings.Set("a", ["one", "two"]).ShouldBeSameAs(ring);
        var changed = rings.Set("a", ["one", "three"])!;
        for (var i = 0; i < 4; i++) changed.Next().ShouldBe("three");
    }

    [Fact]
    public void That_there_are_no_keys_is_known_for_a_minute_too()
    {
        var rings = new KeyRings(_clock);
        rings.TryGet("a", out _).ShouldBeFalse();
        rings.Set("a", []).ShouldBeNull();
        rings.TryGet("a", out var none).ShouldBeTrue();
        none.ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(1));
        rings.TryGet("a", out _).ShouldBeFalse();
    }

    [Fact]
    public void Keys_that_nobody_asks_for_leave_the_memory()
    {
        var rings = new KeyRings(_clock);
        var ring = rings.Set("a", ["one", "two"]);
        _clock.Advance(TimeSpan.FromMinutes(12));
        rings.Set("b", ["three"]);
        rings.Set("a", ["one", "two"]).ShouldNotBeSameAs(ring);
    }
}
