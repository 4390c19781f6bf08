package io.watershed.drilldist;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.drill.common.config.DrillConfig;
import org.apache.drill.exec.proto.CoordinationProtos.DrillbitEndpoint;
import org.apache.drill.exec.server.Drillbit;
import org.apache.drill.exec.server.RemoteServiceSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One drillbit as a process. Beside Drill's own main class it can run without ZooKeeper ({@code
 * -Dwatershed.drill.embedded=true}), says in a file when it is up and on which ports, ends with the
 * process that started it if that is asked for, and ends in bounded time: Drill itself waits for a
 * query that never ends.
 */
public final class DrillbitProcess {
  private static final Logger LOG = LoggerFactory.getLogger(DrillbitProcess.class);

  private DrillbitProcess() {}

  /** Runs until it is killed or Drill gives up, such as after ZooKeeper was away for 10 s. */
  public static void main(String[] arguments) {
    ParentWatch.startIfAsked();
    Duration deadline = ProcessSettings.stopDeadline();
    Runtime.getRuntime().addShutdownHook(new StopDeadline(deadline));
    try {
      DrillConfig config = DrillConfig.create();
      Drillbit drillbit = Drillbit.start(config, coordination());
      ReadyFile.write(facts(drillbit));
    } catch (Exception | LinkageError e) {
      LOG.error("The drillbit does not start.", e);
      System.err.println("error[drill]: the drillbit does not start: " + rootCause(e));
      System.err.println("hint: The log folder has the whole story.");
      Runtime.getRuntime().halt(1);
    }
  }

  /** Null means ZooKeeper, in Drill's own terms. */
  private static @Nullable RemoteServiceSet coordination() {
    return ProcessSettings.embedded() ? RemoteServiceSet.getLocalServiceSet() : null;
  }

  private static Map<String, String> facts(Drillbit drillbit) {
    DrillbitEndpoint endpoint = drillbit.getContext().getEndpoint();
    Map<String, String> facts = new TreeMap<>();
    facts.put("host", endpoint.getAddress());
    facts.put("user_port", Integer.toString(endpoint.getUserPort()));
    facts.put("control_port", Integer.toString(endpoint.getControlPort()));
    facts.put("data_port", Integer.toString(endpoint.getDataPort()));
    facts.put("http_port", Integer.toString(drillbit.getWebServerPort()));
    facts.put("pid", Long.toString(ProcessHandle.current().pid()));
    return facts;
  }

  private static String rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName().toLowerCase(Locale.ROOT)
        : message.lines().findFirst().orElse("");
  }
}
