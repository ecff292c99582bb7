using Lava.Service.Api.Errors;

namespace Lava.Service.Metering.Records;

/// <summary>Why a call failed: the one table of what its record shows and what its client is told. docs/gateway.md describes the codes, and a test compares
/// the two.</summary>
internal sealed class CallFailure
{
    /// <summary>The provider answered with an error status, which passes as it is (or in the words of the client's format).</summary>
    public static readonly CallFailure ProviderError = new("provider_error");

    /// <summary>The provider reported an error inside its answer, or answered with something that is no answer in its format.</summary>
    public static readonly CallFailure AnswerInvalid = new("provider_error", static (provider, _) => ApiError.ProviderAnswerInvalid(provider));

    /// <summary>The provider could not be reached, or closed the connection before it answered.</summary>
    public static readonly CallFailure ProviderUnreachable = new("provider_unreachable", static (provider, _) => ApiError.ProviderUnreachable(provider));

    /// <summary>The provider was silent for too long.</summary>
    public static readonly CallFailure ProviderTimeout = new("provider_timeout", static (provider, _) => ApiError.ProviderTimeout(provider));

    /// <summary>The provider has failed again and again and was not asked.</summary>
    public static readonly CallFailure ProviderResting = new("provider_circuit_open", ApiError.ProviderResting);

    /// <summary>The connection to the provider broke in the middle of the answer.</summary>
    public static readonly CallFailure AnswerIncomplete = new("answer_incomplete", static (provider, _) => ApiError.ProviderUnreachable(provider));

    /// <summary>The client left, and there is nothing to charge.</summary>
    public static readonly CallFailure ClientDisconnected = new("client_disconnected");

    /// <summary>What the call had reserved was given to others because this server stood still; the answer was cut.</summary>
    public static readonly CallFailure ReservationLost = new("reservation_lost", static (_, _) => ApiError.Unavailable()) { IsOurs = true };

    /// <summary>The usage record could not be made durable; the answer was cut.</summary>
    public static readonly CallFailure NotSettled = new("not_settled", static (_, _) => ApiError.Unavailable()) { IsOurs = true };

    /// <summary>The server died while the call was under way, and its usage never came.</summary>
    public static readonly CallFailure UsageUnknown = new("usage_unknown");

    /// <summary>The call was refused, or its server died before it was written down: there is no record and none can come.</summary>
    public static readonly CallFailure NotRecorded = new("not_recorded");

    private readonly Func<string, int, ApiError>? _error;

    private CallFailure(string code, Func<string, int, ApiError>? error = null) => (Code, _error) = (code, error);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CallFailure> All { get; } =
    [
        ProviderError, AnswerInvalid, ProviderUnreachable, ProviderTimeout, ProviderResting, AnswerIncomplete, ClientDisconnected, ReservationLost, NotSettled,
        UsageUnknown, NotRecorded,
    ];

    /// <summary>The code in the call's record, as <c>GET /v1/requests</c> shows it.</summary>
    public string Code { get; }

    /// <summary>Whether the provider had answered and the fault is this server's.</summary>
    public bool IsOurs { get; private init; }

    /// <summary>What the client is told; null where it gets the provider's own answer, or nobody is there to be told.</summary>
    /// <param name="provider">The provider's name for people.</param>
    /// <param name="retryAfterSeconds">When to try again, where the provider rests.</param>
    public ApiError? ErrorOf(string provider, int retryAfterSeconds = 1) => _error?.Invoke(provider, retryAfterSeconds);
}
