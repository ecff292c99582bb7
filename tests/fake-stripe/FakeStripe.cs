namespace Lava.StripeFake;

/// <summary>A Stripe of its own over HTTP: keys, form-encoded parameters (an unknown one is refused), idempotency keys that replay, refuse other parameters and are in use while at work,
/// errors in Stripe's shape (Stripe, "API Reference"). Its objects are <see cref="FakeStripeObjects"/>. A browser asks with the publishable key, and may do what an object's client secret
/// lets it do; <c>POST /bank/{intent}?approved=</c> is the cardholder who answers the bank.</summary>
internal sealed class FakeStripe : IAsyncDisposable
{
    public const string ApiKey = "sk_live_fake";
    public const string PublishableKey = "pk_live_fake";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Request, FakeAnswer? Answer)> _keys = new(StringComparer.Ordinal);
    private readonly List<(Func<string, bool> Matches, FakeFault Fault)> _faults = [];
    private readonly List<(string Request, string? Key)> _heard = [];

    private FakeStripe(WebApplication app) => _app = app;

    public FakeStripeObjects Objects { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The requests that were heard, as <c>POST /v1/…</c>, with their idempotency keys.</summary>
    public IReadOnlyList<(string Request, string? Key)> Heard
    {
        get
        {
            lock (_gate) return [.. _heard];
        }
    }

    public static async Task<FakeStripe> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeStripe(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        return fake;
    }

    /// <summary>Waits until the process is told to end.</summary>
    public Task EndedAsync() => _app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Has the next request fail that is of this method and whose path ends so.</summary>
    public void Fail(string method, string pathEnd, FakeFault fault, int times = 1)
    {
        lock (_gate)
        {
            for (var i = 0; i < times; i++) _faults.Add((request => request.StartsWith(method + " ", StringComparison.Ordinal) && request.EndsWith(pathEnd, StringComparison.Ordinal), fault));
        }
    }

    /// <summary>Whether every fault has happened.</summary>
    public bool HasNoFaultLeft
    {
        get
        {
            lock (_gate) return _faults.Count == 0;
        }
    }

    /// <summary>Lets what was to fail succeed.</summary>
    public void ForgetFaults()
    {
        lock (_gate) _faults.Clear();
    }

    /// <summary>Forgets idempotency keys, as Stripe does after 24 hours.</summary>
    public void ForgetKeys()
    {
        lock (_gate) _keys.Clear();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var fields = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        if (http.Request.HasFormContentType) foreach (var pair in await http.Request.ReadFormAsync()) fields[pair.Key] = pair.Value.ToString();
        var request = $"{http.Request.Method} {http.Request.Path.Value}";
        if (request.StartsWith("POST /bank/", StringComparison.Ordinal))
        {
            Objects.Answer(request["POST /bank/".Length..], fields["approved"] == "true");
            return;
        }

        var key = http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given ? given : null;
        FakeFault? fault;
        lock (_gate)
        {
            var index = _faults.FindIndex(next => next.Matches(request));
            fault = index < 0 ? null : _faults[index].Fault;
            if (index >= 0) _faults.RemoveAt(index);
            if (fault != FakeFault.RequestLost) _heard.Add((request, key));
        }

        if (fault == FakeFault.RequestLost)
        {
            http.Abort();
            return;
        }

        var answer = await DoAsync(http, request, key, fields, fault);
        switch (fault)
        {
            case FakeFault.AnswerLost:
                http.Abort();
                return;
            case FakeFault.Silence:
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                return;
        }

        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.Body.StartsWith('{') ? "application/json" : "text/html";
        http.Response.Headers["Request-Id"] = "req_fake";
        await http.Response.WriteAsync(answer.Body);
    }

    private async Task<FakeAnswer> DoAsync(HttpContext http, string request, string? key, Dictionary<string, string> fields, FakeFault? fault)
    {
        if (fields.Remove("key", out var publishable)) return publishable == PublishableKey ? Objects.DoForBrowser(request, fields) : Unauthorized();
        if (fault == FakeFault.Unauthorized || http.Request.Headers.Authorization != "Bearer " + ApiKey) return Unauthorized();
        if (fault == FakeFault.TooMany) return FakeAnswer.Error(429, "invalid_request_error", "rate_limit", "Too many requests.");
        if (fault == FakeFault.BadGateway) return new FakeAnswer(502, "<html>Bad Gateway</html>");
        if (fault == FakeFault.InUse) return InUse();
        if (http.Request.Method != "POST") return Objects.Do(request, fields);
        var print = request + "?" + string.Join('&', fields.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
        lock (_gate)
        {
            if (key is not null && _keys.TryGetValue(key, out var kept))
            {
                if (kept.Request != print) return FakeAnswer.Error(400, "idempotency_error", null, "Keys for idempotent requests can only be used with the same parameters they were first used with.");
                return kept.Answer ?? InUse();
            }

            if (key is not null) _keys[key] = (print, null);
        }

        // Others have their turn while the key is in use.
        await Task.Yield();
        var error = FakeAnswer.Error(500, "api_error", null, "An unknown error occurred.");
        var answer = fault == FakeFault.ServerError ? error : Objects.Do(request, fields);
        if (fault == FakeFault.ServerErrorAfterwards) answer = error;
        lock (_gate)
        {
            if (key is null) return answer;

            // What is refused before it is begun is not kept.
            if (answer.Status is 400 or 404) _keys.Remove(key);
            else _keys[key] = (print, answer);
        }

        return answer;
    }

    private static FakeAnswer Unauthorized() => FakeAnswer.Error(401, "invalid_request_error", null, "Invalid API Key provided: sk_live_****");

    private static FakeAnswer InUse() => FakeAnswer.Error(409, "idempotency_error", "idempotency_key_in_use", "There is currently another in-progress request using this Idempotent Key.");
}
