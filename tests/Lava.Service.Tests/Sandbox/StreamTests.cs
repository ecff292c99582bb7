using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Lava.Service.Tests.Sandbox;

public sealed class StreamTests : IDisposable
{
    private static readonly string Body = SandboxClient.Body(SandboxClient.Chat, "Hi", ",\"stream\":true");

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_read_gives_one_chunk_and_no_more()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body, "output_tokens=3");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var reads = new List<string>();
        var buffer = new byte[4096];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;) reads.Add(Encoding.UTF8.GetString(buffer, 0, read));

        reads.Count.ShouldBe(1 + 3 + 1 + 1 + 1);
        reads.ShouldAllBe(read => read.StartsWith("data: ", StringComparison.Ordinal) && read.EndsWith("\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endless_answer_costs_nothing_until_it_is_read()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body, "output_tokens=100000");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        (await stream.ReadAsync(new byte[100])).ShouldBe(100);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public async Task Chunks_wait_for_the_clock()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body, "chunk_delay_ms=250");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        (await stream.ReadAsync(buffer)).ShouldBeGreaterThan(0);

        var second = stream.ReadAsync(buffer).AsTask();
        _client.Time.Advance(TimeSpan.FromMilliseconds(249));
        second.IsCompleted.ShouldBeFalse();
        _client.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await second).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_first_byte_waits_for_the_clock()
    {
        var sending = _client.SendAsync(SandboxClient.Chat, Body, "delay_ms=1000");
        _client.Time.Advance(TimeSpan.FromMilliseconds(999));
        sending.IsCompleted.ShouldBeFalse();
        _client.Time.Advance(TimeSpan.FromMilliseconds(1));

        using var answer = await sending;
        ((int)answer.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task A_delay_ends_when_the_caller_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var sending = _client.SendAsync(SandboxClient.Chat, Body, "delay_ms=1000", cancellationToken: leaving.Token);
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
        _client.Time.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_stalled_stream_ends_only_by_cancellation_or_disposal()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body, "stall_after=2");
        var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        (await stream.ReadAsync(buffer)).ShouldBeGreaterThan(0);
        (await stream.ReadAsync(buffer)).ShouldBeGreaterThan(0);

        using var leaving = new CancellationTokenSource();
        var cancelled = stream.ReadAsync(buffer, leaving.Token).AsTask();
        _client.Time.Advance(TimeSpan.FromDays(1));
        cancelled.IsCompleted.ShouldBeFalse();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);

        var disposed = stream.ReadAsync(buffer).AsTask();
        await stream.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(disposed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_cut_connection_breaks_after_so_many_chunks(int chunks)
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body, $"cut_after={chunks}");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        for (var i = 0; i < chunks; i++) (await stream.ReadAsync(buffer)).ShouldBeGreaterThan(0);

        await Should.ThrowAsync<IOException>(stream.ReadAsync(buffer).AsTask());
    }

    [Fact]
    public async Task A_body_that_is_no_stream_is_cut_inside_where_it_is_cut_into_pieces()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi"), "chunk_bytes=10; cut_after=2");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        (await stream.ReadAsync(buffer)).ShouldBe(10);
        (await stream.ReadAsync(buffer)).ShouldBe(10);

        await Should.ThrowAsync<IOException>(stream.ReadAsync(buffer).AsTask());
    }

    [Fact]
    public async Task A_refused_connection_is_an_exception_as_a_real_one()
    {
        var refusal = await Should.ThrowAsync<HttpRequestException>(_client.SendAsync(SandboxClient.Chat, Body, "refuse"));

        refusal.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        refusal.StatusCode.ShouldBeNull();
    }

    [Fact]
    public async Task An_error_comes_after_so_many_chunks_in_the_providers_shape_and_ends_the_stream()
    {
        var chat = await _client.EventsAsync(SandboxClient.Chat, Body, "error_after=2");
        chat.Count.ShouldBe(3);
        JsonElement.Parse(chat[2].Data).GetProperty("error").GetProperty("type").GetString().ShouldBe("server_error");

        var messages = await _client.EventsAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", ",\"stream\":true"), "error_after=4");
        messages.Count.ShouldBe(5);
        messages[4].Name.ShouldBe("error");
        JsonElement.Parse(messages[4].Data).GetProperty("error").GetProperty("type").GetString().ShouldBe("overloaded_error");

        var responses = await _client.EventsAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", ",\"stream\":true"), "error_after=0");
        responses.ShouldHaveSingleItem().Name.ShouldBe("error");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public async Task An_error_in_an_array_leaves_the_array_valid(int after, int count)
    {
        var url = SandboxClient.Url(SandboxClient.StreamGenerate).Replace("?alt=sse", "", StringComparison.Ordinal);
        var array = await _client.JsonAsync(SandboxClient.StreamGenerate, SandboxClient.Body(SandboxClient.StreamGenerate, "Hi"), $"error_after={after}", url);

        array.GetArrayLength().ShouldBe(count);
        array[count - 1].GetProperty("error").GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
    }

    [Fact]
    public async Task Re_cutting_gives_exact_pieces_and_changes_no_byte()
    {
        var plain = await _client.BytesAsync(SandboxClient.Chat, Body);
        Prop.ForAll(Gen.Choose(1, 700).ToArbitrary(), Gen.Choose(1, 900).ToArbitrary(), (piece, room) =>
        {
            using var answer = _client.SendAsync(SandboxClient.Chat, Body, $"chunk_bytes={piece}").GetAwaiter().GetResult();
            using var stream = answer.Content.ReadAsStreamAsync().GetAwaiter().GetResult();
            var all = new MemoryStream();
            var buffer = new byte[room];
            var isExact = true;
            for (int read; (read = stream.ReadAsync(buffer).AsTask().GetAwaiter().GetResult()) > 0;)
            {
                isExact &= room < piece || read == piece || all.Length + read == plain.Length;
                all.Write(buffer, 0, read);
            }

            return isExact && all.ToArray().AsSpan().SequenceEqual(plain);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_stream_says_so_and_can_be_unpacked_as_it_comes(string coding)
    {
        var plain = await _client.BytesAsync(SandboxClient.Chat, Body, "output_tokens=40");
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body, $"output_tokens=40; {coding}");
        answer.Content.Headers.ContentEncoding.ShouldBe([coding]);
        answer.Content.Headers.ContentLength.ShouldBeNull();

        await using var stream = await answer.Content.ReadAsStreamAsync();
        await using Stream unpacked = coding == "gzip" ? new GZipStream(stream, CompressionMode.Decompress) : new BrotliStream(stream, CompressionMode.Decompress);
        var first = new byte[4096];
        var read = await unpacked.ReadAsync(first);
        Encoding.UTF8.GetString(first, 0, read).ShouldEndWith("\n\n");
        var rest = new MemoryStream();
        await unpacked.CopyToAsync(rest);
        ((byte[])[.. first[..read], .. rest.ToArray()]).ShouldBe(plain);
    }

    [Fact]
    public async Task Lines_end_in_CRLF_where_asked_and_only_there()
    {
        var plain = Encoding.UTF8.GetString(await _client.BytesAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", ",\"stream\":true")));
        var other = Encoding.UTF8.GetString(await _client.BytesAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", ",\"stream\":true"), "crlf"));

        plain.ShouldNotContain("\r");
        other.ShouldBe(plain.Replace("\n", "\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_is_no_stream_tells_its_length()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi"));

        answer.Content.Headers.ContentLength.ShouldBe((await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task A_call_without_an_endpoint_is_a_fault_of_the_caller()
    {
        using var provider = new Lava.Service.Sandbox.SandboxProvider(TimeProvider.System);
        using var invoker = new HttpMessageInvoker(provider);

        await Should.ThrowAsync<InvalidOperationException>(invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.openai.com/v1/models"), CancellationToken.None));
    }
}
