namespace Lava.Service.Webhooks.Deliveries;

/// <summary>Room for attempts at deliveries on this instance: some for each endpoint, some for each merchant, some in all. Nobody waits for room: who gets none
/// comes back later. An endpoint that has not answered several times in a row gets one attempt at a time until it answers, and such endpoints together get half
/// of what there is in all, so that those which answer always find room.</summary>
internal sealed class DeliveryRooms
{
    /// <summary>Attempts at an endpoint at once.</summary>
    public const int PerEndpoint = 6;

    /// <summary>Attempts at all endpoints of a merchant at once: two that do not answer leave room for a third.</summary>
    public const int PerMerchant = 16;

    /// <summary>Attempts at once in all.</summary>
    public const int InAll = 512;

    /// <summary>Attempts without an answer, one after another, that make an endpoint a silent one.</summary>
    public const int SilentAfter = 3;

    // What is known of silent endpoints is forgotten beyond so many.
    private const int MaxKnown = 10_000;

    // Attempts begin and end on many threads: without the lock two could take an endpoint's last place, or a place would never be free again.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Endpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _merchants = new(StringComparer.Ordinal);
    private int _running;
    private int _runningSilent;

    /// <summary>Takes room for an attempt; null where there is none. Disposed when the attempt has ended.</summary>
    public Room? TryEnter(string merchantId, string endpointId)
    {
        lock (_gate)
        {
            var endpoint = _endpoints.GetValueOrDefault(endpointId) ?? new Endpoint();
            var isSilent = endpoint.Unanswered >= SilentAfter;
            var ofMerchant = _merchants.GetValueOrDefault(merchantId);
            if (endpoint.Running >= (isSilent ? 1 : PerEndpoint) || ofMerchant >= PerMerchant || _running >= InAll || (isSilent && _runningSilent >= InAll / 2))
                return null;
            if (_endpoints.Count >= MaxKnown) Forget();
            _endpoints[endpointId] = endpoint;
            endpoint.Running++;
            _merchants[merchantId] = ofMerchant + 1;
            _running++;
            if (isSilent) _runningSilent++;
            return new Room(this, merchantId, endpointId, isSilent);
        }
    }

    /// <summary>Whether an endpoint is a silent one now.</summary>
    public bool IsSilent(string endpointId)
    {
        lock (_gate) return _endpoints.GetValueOrDefault(endpointId)?.Unanswered >= SilentAfter;
    }

    private void Leave(Room room)
    {
        lock (_gate)
        {
            var endpoint = _endpoints[room.EndpointId];
            endpoint.Running--;
            if (room.HasAnswered is { } hasAnswered) endpoint.Unanswered = hasAnswered ? 0 : endpoint.Unanswered + 1;
            if (endpoint is { Running: 0, Unanswered: 0 }) _endpoints.Remove(room.EndpointId);
            if (--_merchants[room.MerchantId] == 0) _merchants.Remove(room.MerchantId);
            _running--;
            if (room.IsOfSilent) _runningSilent--;
        }
    }

    private void Forget()
    {
        foreach (var (id, endpoint) in _endpoints)
            if (endpoint.Running == 0) _endpoints.Remove(id);
    }

    /// <summary>The room of one attempt.</summary>
    internal sealed class Room(DeliveryRooms rooms, string merchantId, string endpointId, bool isOfSilent) : IDisposable
    {
        private int _isLeft;

        /// <summary>Whose endpoint it is.</summary>
        public string MerchantId => merchantId;

        /// <summary>The endpoint.</summary>
        public string EndpointId => endpointId;

        /// <summary>Whether the endpoint was a silent one when the attempt began.</summary>
        public bool IsOfSilent => isOfSilent;

        /// <summary>Whether the endpoint has answered, with whatever status; null while that is not known.</summary>
        public bool? HasAnswered { get; set; }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0) rooms.Leave(this);
        }
    }

    private sealed class Endpoint
    {
        public int Running { get; set; }

        public int Unanswered { get; set; }
    }
}
