package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {
  @Test
  void aStopRunsTheNewestActionFirstAndEachOnce() throws Exception {
    Shutdown shutdown = Shutdown.manual();
    List<String> ran = new ArrayList<>();
    shutdown.onStop(() -> ran.add("outer"));
    shutdown.onStop(() -> ran.add("inner"));
    shutdown.onStop(() -> ran.add("taken back")).close();

    shutdown.request();
    shutdown.request();

    assertThat(ran).containsExactly("inner", "outer");
  }

  @Test
  void whoeverComesAfterTheStopIsToldAtOnce() {
    Shutdown shutdown = Shutdown.manual();
    shutdown.request();
    List<String> ran = new ArrayList<>();

    shutdown.onStop(() -> ran.add("late"));

    assertThat(ran).containsExactly("late");
  }
}
