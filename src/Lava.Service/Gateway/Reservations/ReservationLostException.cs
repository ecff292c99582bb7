namespace Lava.Service.Gateway.Reservations;

/// <summary>The instance stood still for so long that what a call had reserved was given to others. Its answer's end must not be released.</summary>
internal sealed class ReservationLostException() : Exception("What the call had reserved was given to others while this instance stood still.");
