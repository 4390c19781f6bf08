package io.watershed.drill;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.apache.drill.common.config.DrillConfig;
import org.apache.drill.exec.client.DrillClient;
import org.apache.drill.exec.server.Drillbit;
import org.apache.drill.exec.server.RemoteServiceSet;

/** One drillbit in this process, which answers on a port of loopback. */
final class EmbeddedDrillbit implements AutoCloseable {
  private final Drillbit drillbit;
  private final RemoteServiceSet services;

  private EmbeddedDrillbit(Drillbit drillbit, RemoteServiceSet services) {
    this.drillbit = drillbit;
    this.services = services;
  }

  /** Starts one; Drill's own files go into the folder. */
  static EmbeddedDrillbit start(Path folder) throws Exception {
    Properties properties = new Properties();
    properties.put("drill.exec.http.enabled", "false");
    properties.put("drill.exec.sys.store.provider.local.path", folder.resolve("store").toString());
    properties.put("drill.exec.sys.store.provider.local.write", "false");
    properties.put("drill.exec.zk.refresh", "0");
    properties.put("drill.exec.allow_loopback_address_binding", "true");
    properties.put("drill.exec.rpc.user.server.port", String.valueOf(freePort()));
    properties.put("drill.exec.rpc.bit.server.port", String.valueOf(freePort()));
    properties.put("drill.exec.udf.directory.root", folder.resolve("udf").toString());
    properties.put("drill.tmp-dir", folder.resolve("tmp").toString());
    properties.put("drill.exec.rpc.bit.server.threads", "2");
    properties.put("drill.exec.scan.threadpool_size", "4");
    RemoteServiceSet services = RemoteServiceSet.getLocalServiceSet();
    Drillbit drillbit = new Drillbit(DrillConfig.create(properties), services);
    drillbit.run();
    return new EmbeddedDrillbit(drillbit, services);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The drillbit's own objects. */
  Drillbit drillbit() {
    return drillbit;
  }

  /** Connects a session of its own. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:drill:drillbit=127.0.0.1:" + drillbit.getContext().getEndpoint().getUserPort());
  }

  /** A client for what JDBC has no way to ask. */
  DrillClient client() throws Exception {
    DrillClient client =
        new DrillClient(drillbit.getContext().getConfig(), services.getCoordinator());
    client.connect();
    return client;
  }

  @Override
  public void close() throws Exception {
    drillbit.close();
    services.close();
  }
}
