package io.watershed.server.http;

/**
 * Who asks.
 *
 * @param name the token's name, or {@code local}
 * @param role what they may do
 * @param remote their address
 */
public record Caller(String name, Role role, String remote) {}
