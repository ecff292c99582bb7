using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

public sealed class IdempotencyTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Replayed = "idempotency-replayed";

    [Fact]
    public async Task A_repeat_is_answered_as_the_first_was_and_makes_nothing()
    {
        var key = await host.NewKeyAsync();
        var first = await host.PostAsync(key, "/v1/customers", """{"name":"Ada"}""", ("Idempotency-Key", "a"));
        var repeat = await host.PostAsync(key, "/v1/customers", """{"name":"Ada"}""", ("Idempotency-Key", "a"));
        (repeat.Status, repeat.Body.GetRawText(), repeat.Header(Replayed)).ShouldBe((201, first.Body.GetRawText(), "true"));
        first.Header(Replayed).ShouldBeNull();
        (await CountAsync(key, "/v1/customers")).ShouldBe(1);
    }

    [Fact]
    public async Task Another_body_is_a_conflict_and_another_path_or_merchant_or_mode_is_another_scope()
    {
        var merchant = await host.NewMerchantAsync();
        await host.PostAsync(merchant.TestKey, "/v1/customers", """{"name":"Ada"}""", ("Idempotency-Key", "a"));
        var other = await host.PostAsync(merchant.TestKey, "/v1/customers", """{"name":"Bob"}""", ("Idempotency-Key", "a"));
        (other.Status, other.Code, other.Header(Replayed)).ShouldBe((409, "idempotency_conflict", null));
        (await CountAsync(merchant.TestKey, "/v1/customers")).ShouldBe(1);

        (await host.PostAsync(merchant.TestKey, "/v1/secret_keys", """{"name":"Ada"}""", ("Idempotency-Key", "a"))).Status.ShouldBe(201);
        (await host.PostAsync(merchant.LiveKey, "/v1/customers", """{"name":"Bob"}""", ("Idempotency-Key", "a"))).Status.ShouldBe(201);
        (await host.PostAsync(await host.NewKeyAsync(), "/v1/customers", """{"name":"Bob"}""", ("Idempotency-Key", "a"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task After_24_hours_the_key_is_new_again()
    {
        var key = await host.NewKeyAsync();
        var first = await host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", "a"));
        host.Clock.Advance(TimeSpan.FromHours(24));
        (await host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", "a")))["customer_id"].ShouldBe(first["customer_id"]);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", "a")))["customer_id"].ShouldNotBe(first["customer_id"]);
    }

    [Fact]
    public async Task Repeats_at_the_same_time_run_once()
    {
        var key = await host.NewKeyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", "a"))));
        answers.ShouldAllBe(answer => answer.Status == 201 || answer.Code == "idempotency_conflict");
        answers.Count(answer => answer.Status == 201 && answer.Header(Replayed) is null).ShouldBe(1);
        (await CountAsync(key, "/v1/customers")).ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_so_that_a_better_try_may_use_the_key()
    {
        var key = await host.NewKeyAsync();
        (await host.PostAsync(key, "/v1/customers", """{"email":"x"}""", ("Idempotency-Key", "a"))).Status.ShouldBe(400);
        (await host.PostAsync(key, "/v1/customers", """{"email":"x@example.com"}""", ("Idempotency-Key", "a"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_repeat_after_the_client_gave_up_half_way_finds_what_was_made()
    {
        var key = await host.NewKeyAsync();
        using var leaving = new CancellationTokenSource();
        var (isMade, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        // The customer is stored and the client goes before the server hears of its own commit.
        host.Tables.AfterCommit = async table =>
        {
            if (table != Ports.Tables.TableNames.Resources) return;
            isMade.TrySetResult();
            await mayGoOn.Task;
        };
        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/customers") { Content = new StringContent("{}") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "a");
        var first = http.SendAsync(request, leaving.Token);
        await isMade.Task;
        var isGone = host.Aborts.NextAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await isGone;
        host.Tables.AfterCommit = null;
        mayGoOn.SetResult();

        // The first one may still be writing its answer down.
        Answer repeat;
        do repeat = await host.PostAsync(key, "/v1/customers", "{}", ("Idempotency-Key", "a"));
        while (repeat.Code == "idempotency_conflict");
        (repeat.Status, await CountAsync(key, "/v1/customers")).ShouldBe((201, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData(256)]
    public async Task A_key_of_no_or_too_many_characters_is_refused(object length)
    {
        var value = length is int count ? new string('x', count) : "";
        var answer = await host.PostAsync(await host.NewKeyAsync(), "/v1/customers", "{}", ("Idempotency-Key", value));
        (answer.Status, answer.Code).ShouldBe((400, "validation_error"));
    }

    [Fact]
    public async Task What_is_kept_of_an_answer_does_not_show_the_raw_key_in_it()
    {
        var merchant = await host.NewMerchantAsync();
        var rows = new List<string>();
        var made = await host.PostAsync(merchant.TestKey, "/v1/secret_keys", """{"name":"once"}""", ("Idempotency-Key", "a"));
        foreach (var file in Directory.GetFiles(host.Folder, "lava.db*")) rows.Add(System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(file)));
        rows.ShouldNotBeEmpty();
        rows.ShouldAllBe(text => !text.Contains(made["secret_key"]!) && !text.Contains(merchant.TestKey));
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private async Task<int> CountAsync(string key, string path) => (await host.GetAsync(key, path + "?limit=100")).Body.GetProperty("data").GetArrayLength();
}
