import Broker
import Server

// The broker and the people on the server know each other by these only.

extension Broker: WebLogins {}

extension World: ConnectedPeople {}
