using System.Text;
using Azure.Core;
using Lava.Functions.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Azurite.Tests.Storage;

/// <summary>The table adapter where requests and answers are lost, throttled, cut and late: what it repeats, what it says of a transaction, and how long it goes on.</summary>
public sealed class StorageFaultTests : IAsyncLifetime
{
    private const string Table = TableNames.Books;

    private readonly FaultyTransport _way = new();
    private readonly HastyTime _time = new();
    private readonly string _partition = "p-" + Guid.NewGuid().ToString("N");
    private AzureTableStore _store = null!;
    private AzureTableStore _other = null!;

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync()
    {
        var connection = await Emulator.ConnectionAsync();
        _other = AzureTableStore.Connect(connection, TimeProvider.System);
        await _other.EnsureTablesAsync([Table], None);
        _store = AzureTableStore.Connect(connection, _time, options => options.Transport = _way);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_transaction_whose_answer_was_lost_is_committed_once_and_said_to_be_with_its_versions()
    {
        var etag = await NewRowAsync("head");
        _way.LoseAnswer();

        var result = await CommitAsync(TableWrite.Replace("head", Doc("2"), etag), TableWrite.Insert("entry", Doc("1")), TableWrite.Put("other", Doc("1")));

        result.IsCommitted.ShouldBeTrue();
        result.ETags.ShouldBe([(await GetAsync("head")).ETag, (await GetAsync("entry")).ETag, (await GetAsync("other")).ETag]);
        (await CommitAsync(TableWrite.Replace("head", Doc("3"), result.ETags[0]))).IsCommitted.ShouldBeTrue("its versions are good for the next change");
    }

    [Theory]
    [InlineData("half")]
    [InlineData("500")]
    [InlineData("hang")]
    public async Task However_the_answer_of_a_transaction_that_was_carried_out_is_lost_it_counts_as_committed(string loss)
    {
        _store = AzureTableStore.Connect(await Emulator.ConnectionAsync(), _time, options =>
        {
            options.Transport = _way;
            options.Retry.NetworkTimeout = TimeSpan.FromSeconds(loss == "hang" ? 2 : 10);
        });
        _ = loss switch { "half" => _way.LoseHalfTheAnswer(), "500" => _way.DoAndAnswer(500, "InternalError"), _ => _way.Hang(isDone: true) };

        var result = await CommitAsync(TableWrite.Insert("a", Doc("1")));

        result.IsCommitted.ShouldBeTrue();
        result.ETags.ShouldHaveSingleItem().ShouldBe((await GetAsync("a")).ETag);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("504")]
    [InlineData("refused")]
    public async Task A_transaction_that_was_not_carried_out_is_repeated(string fault)
    {
        _ = fault switch
        {
            "cut" => _way.Cut(),
            "500" => _way.Answer(500, "OperationTimedOut"),
            "503" => _way.Answer(503, "ServerBusy"),
            "504" => _way.Answer(504, "GatewayTimeout"),
            _ => _way.Refuse(),
        };

        (await CommitAsync(TableWrite.Insert("a", Doc("1")))).IsCommitted.ShouldBeTrue();

        _way.Transactions.Count.ShouldBe(2);
        _time.Waits.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_after_a_lost_answer_is_anothers_where_the_rows_bear_no_trace_and_the_outcome_is_said_to_be_unknown()
    {
        var etag = await NewRowAsync("head");
        _way.LoseAnswer().Meanwhile(async () =>
        {
            var mine = (await _other.GetAsync(Table, _partition, "head", None))!.ETag;
            (await _other.CommitAsync(Table, _partition, [TableWrite.Replace("head", Doc("theirs"), mine)], None)).IsCommitted.ShouldBeTrue();
        });

        var fault = await Should.ThrowAsync<TableStoreException>(() => CommitAsync(TableWrite.Replace("head", Doc("mine"), etag)));

        fault.IsTransient.ShouldBeTrue();
        Text(await GetAsync("head")).ShouldBe("theirs");
    }

    [Fact]
    public async Task One_row_that_is_still_as_the_transaction_left_it_tells_that_it_was_committed_and_the_others_versions_are_stale()
    {
        var etag = await NewRowAsync("head");
        _way.LoseAnswer().Meanwhile(async () =>
        {
            var mine = (await _other.GetAsync(Table, _partition, "head", None))!.ETag;
            (await _other.CommitAsync(Table, _partition, [TableWrite.Replace("head", Doc("theirs"), mine)], None)).IsCommitted.ShouldBeTrue();
        });

        var result = await CommitAsync(TableWrite.Replace("head", Doc("mine"), etag), TableWrite.Insert("entry", Doc("1")));

        result.IsCommitted.ShouldBeTrue();
        result.ETags[1].ShouldBe((await GetAsync("entry")).ETag);
        (await CommitAsync(TableWrite.Replace("head", Doc("mine again"), result.ETags[0]))).Outcome.ShouldBe(CommitOutcome.Stale);
        Text(await GetAsync("head")).ShouldBe("theirs");
    }

    [Fact]
    public async Task A_transaction_of_deletes_whose_answer_was_lost_leaves_no_trace_and_is_said_to_be_unknown()
    {
        var etag = await NewRowAsync("a");
        _way.LoseAnswer();

        (await Should.ThrowAsync<TableStoreException>(() => CommitAsync(TableWrite.Delete("a", etag)))).IsTransient.ShouldBeTrue();

        (await _other.GetAsync(Table, _partition, "a", None)).ShouldBeNull();
    }

    [Fact]
    public async Task After_throttling_a_refusal_is_a_refusal_for_what_is_throttled_is_not_begun()
    {
        await NewRowAsync("a");
        _way.Answer(503, "ServerBusy").Answer(429, "TooManyRequests");

        (await CommitAsync(TableWrite.Insert("a", Doc("2")))).Outcome.ShouldBe(CommitOutcome.Duplicate);
    }

    [Fact]
    public async Task A_503_of_somebody_on_the_way_says_nothing_and_the_rows_are_asked()
    {
        _way.DoAndAnswer(503, "");

        (await CommitAsync(TableWrite.Insert("a", Doc("1")))).IsCommitted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_service_is_left_alone_for_as_long_as_it_asks()
    {
        _way.Answer(429, "TooManyRequests", new HttpHeader("Retry-After", "7")).Answer(503, "ServerBusy", new HttpHeader("x-ms-retry-after-ms", "2500"));

        (await CommitAsync(TableWrite.Insert("a", Doc("1")))).IsCommitted.ShouldBeTrue();

        _time.Waits.ShouldBe([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2.5)]);
    }

    [Fact]
    public async Task A_service_that_asks_for_longer_than_a_caller_waits_is_not_asked_again()
    {
        _way.Answer(429, "TooManyRequests", new HttpHeader("Retry-After", "60"));

        (await Should.ThrowAsync<TableStoreException>(() => CommitAsync(TableWrite.Insert("a", Doc("1"))))).IsTransient.ShouldBeTrue();

        _way.Requests.ShouldBe(1);
        _time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_stays_throttled_is_asked_a_few_times_ever_more_slowly()
    {
        for (var i = 0; i < StoragePatience.MaxTries; i++) _way.Answer(503, "ServerBusy");

        (await Should.ThrowAsync<TableStoreException>(() => CommitAsync(TableWrite.Insert("a", Doc("1"))))).IsTransient.ShouldBeTrue();

        _way.Requests.ShouldBe(StoragePatience.MaxTries);
        _time.Waits.Count.ShouldBe(StoragePatience.MaxTries - 1);
        for (var i = 0; i < _time.Waits.Count; i++) _time.Waits[i].TotalMilliseconds.ShouldBeInRange(50 << i, 100 << i);
        (await _other.GetAsync(Table, _partition, "a", None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_transaction_that_was_carried_out_while_no_answer_ever_came_is_found_in_the_end()
    {
        _way.LoseAnswer();
        for (var i = 1; i < StoragePatience.MaxTries; i++) _way.Cut();

        (await CommitAsync(TableWrite.Insert("a", Doc("1")))).IsCommitted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_repetition_sends_the_same_and_two_transactions_never_bear_the_same_token()
    {
        _way.LoseAnswer();
        await CommitAsync(TableWrite.Put("a", Doc("1")));
        await CommitAsync(TableWrite.Put("a", Doc("1")));

        var tokens = _way.Transactions.Select(body => body.Split("\"Commit\":\"")[1].Split('"')[0]).ToArray();

        tokens.Length.ShouldBe(3);
        tokens[1].ShouldBe(tokens[0]);
        tokens[2].ShouldNotBe(tokens[0]);
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_a_transaction_is_on_its_way_hears_how_it_ended()
    {
        using var gone = new CancellationTokenSource();
        _way.Meanwhile(gone.CancelAsync).Meanwhile(() => Task.CompletedTask);

        (await _store.CommitAsync(Table, _partition, [TableWrite.Insert("a", Doc("1"))], gone.Token)).IsCommitted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("half")]
    [InlineData("500")]
    [InlineData("503")]
    public async Task A_read_is_repeated(string fault)
    {
        await NewRowAsync("a");
        Func<FaultyTransport> fail = fault switch
        {
            "cut" => _way.Cut,
            "half" => _way.LoseHalfTheAnswer,
            "500" => () => _way.DoAndAnswer(500, "InternalError"),
            _ => () => _way.Answer(503, "ServerBusy"),
        };

        fail();
        Text(await _store.GetAsync(Table, _partition, "a", None)).ShouldBe("1");
        fail();
        (await _store.QueryAsync(Table, _partition, KeyRange.Prefix(""), 10, None)).ShouldHaveSingleItem().Key.ShouldBe("a");
        fail();
        await _store.EnsureTablesAsync([Table], None);
    }

    [Fact]
    public async Task A_page_that_fails_is_read_again_and_not_those_before_it()
    {
        for (var i = 0; i < 4; i++) await NewRowAsync($"k{i}");
        const string Entity = """{"PartitionKey":"p","RowKey":"first","odata.etag":"W/\"1\"","Data":"from page one"}""";
        _way.Answer200("""{"value":[]}""", Continuation("k1")).Answer200($$"""{"value":[{{Entity}}]}""", Continuation("k2")).Cut();

        var rows = await _store.QueryAsync(Table, _partition, KeyRange.Prefix(""), 10, None);

        rows.Select(row => row.Key).ShouldBe(["first", "k2", "k3"], "an empty page with a continuation is not the end, and each page begins where the last one says");
        _way.Requests.ShouldBe(4);
    }

    [Fact]
    public async Task A_read_that_its_caller_gave_up_is_not_repeated()
    {
        using var gone = new CancellationTokenSource();
        _way.Meanwhile(gone.CancelAsync);

        await Should.ThrowAsync<OperationCanceledException>(async () => await _store.GetAsync(Table, _partition, "a", gone.Token));

        _way.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(400, "InvalidInput")]
    [InlineData(403, "AuthenticationFailed")]
    [InlineData(413, "RequestBodyTooLarge")]
    public async Task What_no_repetition_mends_is_not_repeated(int status, string code)
    {
        _way.Answer(status, code);

        var fault = await Should.ThrowAsync<TableStoreException>(() => CommitAsync(TableWrite.Insert("a", Doc("1"))));

        fault.IsTransient.ShouldBeFalse();
        fault.Message.ShouldBe($"The table service answered {status} {code}.");
        _way.Requests.ShouldBe(1);
    }

    // The emulator's own form, which is its secret as the service's is.
    private HttpHeader[] Continuation(string row) =>
        [new("x-ms-continuation-NextPartitionKey", Convert.ToBase64String(Doc(_partition))), new("x-ms-continuation-NextRowKey", Convert.ToBase64String(Doc(row)))];

    private async Task<string> NewRowAsync(string key) => (await _other.CommitAsync(Table, _partition, [TableWrite.Insert(key, Doc("1"))], None)).ETags[0];

    private Task<CommitResult> CommitAsync(params TableWrite[] writes) => _store.CommitAsync(Table, _partition, writes, None).AsTask();

    private async Task<TableRow> GetAsync(string key) => (await _other.GetAsync(Table, _partition, key, None)).ShouldNotBeNull();

    private static byte[] Doc(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(TableRow? row) => Encoding.UTF8.GetString(row.ShouldNotBeNull().Data.Span);
}
