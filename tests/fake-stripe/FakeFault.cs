namespace Lava.StripeFake;

/// <summary>What goes wrong with a request of the fake Stripe.</summary>
internal enum FakeFault
{
    /// <summary>The connection breaks before the request is heard.</summary>
    RequestLost,

    /// <summary>The request is done and the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>The request is done and the answer never comes.</summary>
    Silence,

    /// <summary>500, nothing done; the same is answered as long as the idempotency key is kept.</summary>
    ServerError,

    /// <summary>500, though it is done; the same is answered as long as the idempotency key is kept.</summary>
    ServerErrorAfterwards,

    /// <summary>502 from something in front of Stripe, in HTML.</summary>
    BadGateway,

    /// <summary>429.</summary>
    TooMany,

    /// <summary>409: another request with the same key is under way.</summary>
    InUse,

    /// <summary>401.</summary>
    Unauthorized,
}
