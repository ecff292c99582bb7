using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Intake;

/// <summary>How many bytes of request bodies the process holds at once, and how many of them one merchant's: a call's body lives as long as the call. Room is
/// taken as bytes arrive, never by what a client announces.</summary>
internal sealed class BodyRoom(IOptions<GatewayOptions> options)
{
    /// <summary>A merchant may fill a third of the room, so that others find some.</summary>
    private const int Merchants = 3;

    private readonly Dictionary<string, long> _byMerchant = new(StringComparer.Ordinal);
    // Bodies arrive on many threads: without the lock two could take the last room, or a count could be lost and the room leak.
    private readonly Lock _gate = new();
    private readonly long _most = options.Value.MaxBodyBytesInFlight > 0
        ? options.Value.MaxBodyBytesInFlight
        : Math.Max(8L * options.Value.MaxBodyBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
    private long _taken;

    /// <summary>Bytes that are held now.</summary>
    public long Taken
    {
        get
        {
            lock (_gate) return _taken;
        }
    }

    /// <summary>Makes a place for the body of one call. It is given back when it is disposed.</summary>
    public Place Open(string merchantId) => new(this, merchantId);

    private ApiError? TryTake(string merchantId, long bytes)
    {
        // Both counts change together: between them another call could take the room of this one.
        lock (_gate)
        {
            var own = _byMerchant.GetValueOrDefault(merchantId);
            if (own + bytes > Math.Max(_most / Merchants, options.Value.MaxBodyBytes)) return ApiError.TooManyBytes();
            if (_taken + bytes > _most) return ApiError.Overloaded();
            _byMerchant[merchantId] = own + bytes;
            _taken += bytes;
            return null;
        }
    }

    private void GiveBack(string merchantId, long bytes)
    {
        lock (_gate)
        {
            _taken -= bytes;
            var own = _byMerchant[merchantId] - bytes;
            if (own > 0) _byMerchant[merchantId] = own;
            else _byMerchant.Remove(merchantId);
        }
    }

    /// <summary>The room of one call.</summary>
    internal sealed class Place(BodyRoom room, string merchantId) : IDisposable
    {
        private long _held;

        /// <summary>Takes more room; the refusal where there is none: 429 where the merchant has filled its part, 503 where all is full.</summary>
        public ApiError? TryTake(long bytes)
        {
            if (room.TryTake(merchantId, bytes) is { } refused) return refused;
            Interlocked.Add(ref _held, bytes);
            return null;
        }

        /// <summary>Gives a part back.</summary>
        public void GiveBack(long bytes)
        {
            Interlocked.Add(ref _held, -bytes);
            room.GiveBack(merchantId, bytes);
        }

        /// <summary>Gives all back, once.</summary>
        public void Dispose()
        {
            var held = Interlocked.Exchange(ref _held, 0);
            if (held > 0) room.GiveBack(merchantId, held);
        }
    }
}
