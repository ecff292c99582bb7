using Lava.Service.Webhooks.Deliveries;

namespace Lava.Service.Tests.Webhooks;

public sealed class DeliveryRoomsTests
{
    private readonly DeliveryRooms _rooms = new();

    [Fact]
    public void An_endpoint_has_room_for_6_a_merchant_for_16_and_others_find_theirs()
    {
        Fill("mer_1", "wh_1").Count.ShouldBe(6);
        Fill("mer_1", "wh_2").Count.ShouldBe(6);
        Fill("mer_1", "wh_3").Count.ShouldBe(4);
        Fill("mer_1", "wh_4").ShouldBeEmpty();
        Fill("mer_2", "wh_5").Count.ShouldBe(6);
    }

    [Fact]
    public void What_is_left_is_free_again_and_once()
    {
        var rooms = Fill("mer_1", "wh_1");
        rooms[0].Dispose();
        rooms[0].Dispose();
        Fill("mer_1", "wh_1").Count.ShouldBe(1);
    }

    [Fact]
    public void An_endpoint_that_has_not_answered_three_times_in_a_row_gets_one_at_a_time_until_it_answers()
    {
        foreach (var hasAnswered in new[] { false, false, true, false, false }) Try("wh_1", hasAnswered);
        _rooms.IsSilent("wh_1").ShouldBeFalse();
        Try("wh_1", false);
        _rooms.IsSilent("wh_1").ShouldBeTrue();
        var only = Fill("mer_1", "wh_1").ShouldHaveSingleItem();
        Fill("mer_1", "wh_2").Count.ShouldBe(6);
        only.HasAnswered = true;
        only.Dispose();
        Fill("mer_1", "wh_1").Count.ShouldBe(6);
    }

    [Fact]
    public void Silent_endpoints_of_any_number_of_merchants_leave_half_of_the_room_to_those_that_answer()
    {
        for (var i = 0; i < DeliveryRooms.InAll; i++)
            for (var attempt = 0; attempt < DeliveryRooms.SilentAfter; attempt++) Try("wh_silent_" + i, false);
        var taken = Enumerable.Range(0, DeliveryRooms.InAll).Count(i => _rooms.TryEnter("mer_silent_" + i, "wh_silent_" + i) is not null);
        taken.ShouldBe(DeliveryRooms.InAll / 2);
        Enumerable.Range(0, DeliveryRooms.InAll).Count(i => _rooms.TryEnter("mer_" + i, "wh_" + i) is not null).ShouldBe(DeliveryRooms.InAll / 2);
        _rooms.TryEnter("mer_late", "wh_late").ShouldBeNull();
    }

    private void Try(string endpoint, bool hasAnswered)
    {
        using var room = _rooms.TryEnter("mer_1", endpoint).ShouldNotBeNull();
        room.HasAnswered = hasAnswered;
    }

    private List<DeliveryRooms.Room> Fill(string merchant, string endpoint)
    {
        var rooms = new List<DeliveryRooms.Room>();
        while (_rooms.TryEnter(merchant, endpoint) is { } room) rooms.Add(room);
        return rooms;
    }
}
