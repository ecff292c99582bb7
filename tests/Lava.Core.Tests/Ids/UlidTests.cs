using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Ids;
using Lava.Core.Keys;

namespace Lava.Core.Tests.Ids;

public sealed class UlidTests
{
    private static readonly Arbitrary<(long Time, byte[] Random)> Any = Gen.Choose(0, int.MaxValue)
        .SelectMany(high => Gen.Choose(0, (1 << 17) - 1).SelectMany(low => Gen.Choose(0, 255).ArrayOf(10).Select(random => (((long)high << 17) | (long)low, random.Select(b => (byte)b).ToArray()))))
        .ToArbitrary();

    [Fact]
    public void A_ulid_tells_its_time_and_its_mirror_mirrors_back()
    {
        Prop.ForAll(Any, made =>
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(made.Time % 253_402_300_799_999);
            var ulid = Ulid.Create(time, made.Random);
            Ulid.IsValid(ulid).ShouldBeTrue();
            Ulid.TimeOf(ulid).ShouldBe(time);
            Ulid.Mirror(Ulid.Mirror(ulid)).ShouldBe(ulid);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Ulids_sort_by_time_and_their_mirrors_the_other_way()
    {
        Prop.ForAll(Any, Any, (a, b) =>
        {
            var (first, second) = (Of(a), Of(b));
            if (first == second) return;
            var order = string.CompareOrdinal(first, second);
            if (Ulid.TimeOf(first) != Ulid.TimeOf(second)) Math.Sign(order).ShouldBe(Ulid.TimeOf(first).CompareTo(Ulid.TimeOf(second)));
            Math.Sign(string.CompareOrdinal(Ulid.Mirror(first), Ulid.Mirror(second))).ShouldBe(-Math.Sign(order));
        }).QuickCheckThrowOnFailure();

        static string Of((long Time, byte[] Random) made) => Ulid.Create(DateTimeOffset.FromUnixTimeMilliseconds(made.Time % 253_402_300_799_999), made.Random);
    }

    [Theory]
    [InlineData("con_test_01ARZ3NDEKTSV4RRFFQ69G5FAV", true)]
    [InlineData("con_live_01ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("cus_test_01ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("con_test_01arz3ndektsv4rrffq69g5fav", false)]
    [InlineData("con_test_81ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("con_test_01ARZ3NDEKTSV4RRFFQ69G5FAU", false)]
    [InlineData("con_test_01ARZ3NDEKTSV4RRFFQ69G5FA", false)]
    [InlineData("con-test_01ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("con_test-01ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_id_is_of_one_kind_and_one_mode(string? id, bool isOne) => Id.TryGetUlid(id, "con", Mode.Test, out _).ShouldBe(isOne);
}
