using System.ComponentModel.DataAnnotations;

namespace Lava.Service.Gateway.Calls;

/// <summary>Settings of the gateway, section <c>Lava:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Most bytes of a request's body. The Functions host itself takes no more than 100 MB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Most bytes of a body that is to be translated: what is read of it takes many times its size.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxTranslatedBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Most bytes of bodies of calls under way, all together; a merchant's may be a third of it. 0 for a quarter of the memory, and eight of the
    /// longest bodies at least.</summary>
    [Range(0, long.MaxValue)]
    public long MaxBodyBytesInFlight { get; set; }

    /// <summary>Longest time that the upload of a body takes, seconds.</summary>
    [Range(1, 3_600)]
    public int UploadSeconds { get; set; } = 300;

    /// <summary>Headers of callers that go on to every provider beside those that the gateway knows, with commas between them: for a proxy of the operator's
    /// between the two.</summary>
    public string? PassHeaders { get; set; }

    /// <summary>Whether calls of test keys go to providers with the operator's keys, which cost real money and are paid with test money. Never where live
    /// payments are set up.</summary>
    public bool ManagedTestCalls { get; set; }

    /// <summary>Longest wait for a connection to a provider, seconds.</summary>
    [Range(1, 120)]
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>Longest wait for the first byte of an answer, and between two pieces of it, seconds.</summary>
    [Range(1, 3_600)]
    public int IdleSeconds { get; set; } = 600;

    /// <summary>Longest wait for the first byte of a stream where there is another provider to fall back to, seconds. A whole answer may take
    /// <see cref="IdleSeconds"/>.</summary>
    [Range(1, 3_600)]
    public int FallbackAfterSeconds { get; set; } = 60;

    /// <summary>How often a call is sent again to a provider that fails (429, a 5xx, no connection) before another is tried or the failure is passed on. Waits
    /// grow from half a second, or are what the provider's <c>Retry-After</c> says where that is at most ten seconds.</summary>
    [Range(0, 5)]
    public int Retries { get; set; }

    /// <summary>How long a provider that keeps failing is left alone, seconds; 0 never leaves one alone.</summary>
    [Range(0, 600)]
    public int CircuitSeconds { get; set; } = 15;

    /// <summary>Silence of a stream of events after which it gets a comment, so that no platform in front takes the connection for idle, seconds; 0 for
    /// none.</summary>
    [Range(0, 3_600)]
    public int KeepAliveSeconds { get; set; }

    /// <summary>How long a provider is read on after the client has left, so that its usage is known, seconds in all; 0 cancels the call at once. A call whose
    /// usage is not known by then is charged as estimated: the prompt, and the answer as far as it came.</summary>
    [Range(0, 3_600)]
    public int DrainSeconds { get; set; } = 120;

    /// <summary>How long a client may take nothing of its answer before it is cut off, seconds.</summary>
    [Range(1, 3_600)]
    public int WriteSeconds { get; set; } = 60;

    /// <summary>How long responses that were translated from other formats are kept for later requests that refer to them, hours; 0 keeps none. A conversation
    /// that goes on keeps its beginning. Clients switch it off for a call with <c>store</c>.</summary>
    [Range(0, 720)]
    public int KeepResponsesHours { get; set; } = 24;

    /// <summary>Age at which a call is cut, and after which one without a usage record is closed as an error, seconds.</summary>
    [Range(1, 86_400)]
    public int SweepAfterSeconds { get; set; } = 3_600;
}
