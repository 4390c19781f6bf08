package io.watershed.drilldist;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * One ZooKeeper server as a process, for trying a cluster on one machine: a single server is no
 * quorum, and its end is the end of the cluster. Arguments: data folder, address, port (0 takes any
 * free one).
 */
public final class ZooKeeperProcess {
  private static final int TICK_MILLIS = 1000;
  private static final int CONNECTIONS_PER_ADDRESS = 200;

  private ZooKeeperProcess() {}

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ParentWatch.startIfAsked();
    Path data = Path.of(arguments[0]);
    InetAddress address = InetAddress.getByName(arguments[1]);
    ZooKeeperServer server =
        new ZooKeeperServer(new FileTxnSnapLog(data.toFile(), data.toFile()), TICK_MILLIS);
    ServerCnxnFactory connections = new NIOServerCnxnFactory();
    connections.configure(
        new InetSocketAddress(address, Integer.parseInt(arguments[2])), CONNECTIONS_PER_ADDRESS);
    Runtime.getRuntime().addShutdownHook(new Thread(connections::shutdown, "zookeeper-stop"));
    connections.startup(server);
    ReadyFile.write(Map.of("port", Integer.toString(connections.getLocalPort())));
    new CountDownLatch(1).await();
  }
}
