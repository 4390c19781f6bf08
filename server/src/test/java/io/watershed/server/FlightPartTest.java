package io.watershed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.ServerToken;
import io.watershed.server.ServerFixture.Running;
import io.watershed.server.http.AccessRule;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.Test;

class FlightPartTest {
  private static final String READER = "reader-token-0123456789";
  private static final String OPERATOR = "operator-token-0123456789";

  @Test
  void flightHasTheTokensAndTheAuditLogOfTheServer() throws Exception {
    List<ServerToken> tokens =
        List.of(
            new ServerToken("rita", false, AccessRule.hash(READER)),
            new ServerToken("olga", true, AccessRule.hash(OPERATOR)));
    try (Running server =
            ServerFixture.shared()
                .serve(Limits.DEFAULTS, tokens, Optional.of(ListenAddress.parse("0").resolve()));
        BufferAllocator memory = new RootAllocator();
        FlightSqlClient client = client(memory, server.server().flightAddress().orElseThrow())) {
      assertThatThrownBy(() -> count(client, "wrong-token-0123456789"))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED));
      assertThat(count(client, READER)).isEqualTo(ServerFixture.ALL);
      assertThat(server.get("/audit", "Authorization", "Bearer " + OPERATOR).body())
          .contains("rita", "Flight SQL", "count(*)")
          .doesNotContain(READER);
    }
  }

  private static FlightSqlClient client(BufferAllocator memory, URI address) {
    return new FlightSqlClient(
        FlightClient.builder(memory, Location.forGrpcInsecure(address.getHost(), address.getPort()))
            .build());
  }

  private static long count(FlightSqlClient client, String token) throws Exception {
    CallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer " + token);
    HeaderCallOption header = new HeaderCallOption(headers);
    var ticket =
        client.execute("SELECT count(*) FROM orders", header).getEndpoints().get(0).getTicket();
    try (FlightStream stream = client.getStream(ticket, header)) {
      assertThat(stream.next()).isTrue();
      long count = ((BigIntVector) stream.getRoot().getVector(0)).get(0);
      assertThat(stream.next()).isFalse(); // now it is in the audit log
      return count;
    }
  }
}
