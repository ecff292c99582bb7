using Lava.Service.Storage;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Storage;

public sealed class TimedCacheTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void An_answer_is_kept_for_its_time_and_no_longer_that_there_is_nothing_included()
    {
        var cache = New();
        cache.Set("a", "x", cache.Mark);
        cache.Set("b", null, cache.Mark);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        (cache.TryGet("a", out var a), a, cache.TryGet("b", out var b), b).ShouldBe((true, "x", true, null));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (cache.TryGet("a", out a), a).ShouldBe((false, null));
    }

    [Fact]
    public void An_answer_asked_for_before_a_removal_is_not_kept()
    {
        var cache = New();
        var mark = cache.Mark;
        cache.Remove("a");
        cache.Set("a", "old", mark);
        cache.TryGet("a", out _).ShouldBeFalse();
        cache.Set("a", "new", cache.Mark);
        (cache.TryGet("a", out var a), a).ShouldBe((true, "new"));
    }

    [Fact]
    public void It_never_keeps_more_than_its_bound()
    {
        var cache = New(most: 10);
        for (var i = 0; i < 1_000; i++) cache.Set($"{i}", "x", cache.Mark);
        Enumerable.Range(0, 1_000).Count(i => cache.TryGet($"{i}", out _)).ShouldBeLessThanOrEqualTo(10);
        cache.TryGet("999", out _).ShouldBeTrue();
    }

    private TimedCache<string, string> New(int most = 100) => new(_clock, TimeSpan.FromSeconds(5), most);
}
