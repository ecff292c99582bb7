namespace Azure.Messaging.ServiceBus;

public enum ServiceBusFailureReason
{
    GeneralError,
    MessageLockLost,
    MessageNotFound,
    MessageSizeExceeded,
    MessagingEntityDisabled,
    QuotaExceeded,
    ServiceBusy,
    ServiceTimeout,
    ServiceCommunicationProblem,
    SessionCannotBeLocked,
    SessionLockLost,
    Unauthorized,
    MessagingEntityNotFound,
    MessagingEntityAlreadyExists,
}
