import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.context.InternalContextAdapterImpl;
import org.apache.velocity.exception.ExtendedParseException;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.runtime.ParserPool;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.RuntimeServices;
import org.apache.velocity.runtime.parser.ParseException;
import org.apache.velocity.runtime.parser.Parser;
import org.apache.velocity.runtime.parser.node.*;
import org.apache.velocity.util.introspection.Info;

/**
 * Apache Velocity 1.7 and Jayway JsonPath behind a pipe: one JSON case per line in, one JSON result per line out.
 *
 * A case: {"id", "profile": "apache" | "api-gateway", "template", "vars": {..}}, and for templates that use $input,
 * $util, $context or $stageVariables also {"body", "params": {"path", "querystring", "header"}, "context",
 * "stageVariables"}. Its result: {"id", "out"} or {"id", "error", "exception", "line", "column"} (places where the
 * exception has one). With "mode": "parse" the template is parsed and set up but not rendered, and the result has the
 * tree instead of the output: {"id", "tree"}; its shape is that of trees.py.
 *
 * Every case gets a parser of its own and its macros are forgotten after it, so that no case changes another.
 */
public final class Reference {

  private static final long SECONDS_PER_CASE = 10;

  // -- the two profiles ----------------------------------------------------------------------------------------------

  /** A reference without a value is the empty string. */
  public static final class EmptyString implements InvalidReferenceEventHandler {
    public Object invalidGetMethod(Context context, String reference, Object object, String property, Info info) {
      return "";
    }

    public boolean invalidSetMethod(Context context, String left, String right, Info info) {
      return false;
    }

    public Object invalidMethod(Context context, String reference, Object object, String method, Info info) {
      return "";
    }
  }

  /** One parser at a time, thrown away after each case: Velocity's own keeps the macro names of earlier templates. */
  public static final class OneParser implements ParserPool {
    private static final List<OneParser> ALL = new ArrayList<>();
    private RuntimeServices services;
    private Parser kept;

    public void initialize(RuntimeServices services) {
      this.services = services;
      ALL.add(this);
    }

    public Parser get() {
      Parser given = kept == null ? services.createNewParser() : kept;
      kept = null;
      return given;
    }

    public void put(Parser parser) {
      kept = parser;
    }

    static void forget() {
      for (OneParser pool : ALL) pool.kept = null;
    }
  }

  private static RuntimeInstance runtime(boolean gateway) {
    RuntimeInstance runtime = new RuntimeInstance();
    runtime.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    runtime.setProperty("runtime.introspector.uberspect", "org.apache.velocity.util.introspection.SecureUberspector");
    runtime.setProperty("parser.pool.class", OneParser.class.getName());
    runtime.setProperty("directive.foreach.maxloops", "1000");
    runtime.setProperty("velocimacro.permissions.allow.inline.local.scope", "true");
    if (gateway) {
      runtime.setProperty("eventhandler.invalidreferences.class", EmptyString.class.getName());
      runtime.setProperty("velocimacro.permissions.allow.inline", "false");
    }
    runtime.init();
    if (gateway) runtime.removeDirective("evaluate");
    return runtime;
  }

  // -- what a template sees ------------------------------------------------------------------------------------------

  /** A map in HashMap's order that prints as nothing, and so do the maps in it. */
  public static final class QuietMap extends HashMap<Object, Object> {
    static Object of(Object value) {
      if (!(value instanceof Map)) return value;
      QuietMap quiet = new QuietMap();
      ((Map<?, ?>) value).forEach((key, item) -> quiet.put(key, of(item)));
      return quiet;
    }

    @Override
    public String toString() {
      return "";
    }
  }

  public static final class Input {
    private static final String[] PLACES = {"path", "querystring", "header"};
    private final String body;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private Object document;

    Input(Object body, Object parameters) {
      this.body = body == null || "".equals(body) ? "{}" : (String) body;
      for (String place : PLACES) this.parameters.put(place, new LinkedHashMap<String, Object>());
      if (parameters != null) ((Map<?, ?>) parameters).forEach((k, v) -> this.parameters.put((String) k, v));
    }

    public String getBody() {
      return body;
    }

    public Object path(String path) {
      if (document == null) document = Configuration.defaultConfiguration().jsonProvider().parse(body);
      try {
        return JsonPath.read(document, path);
      } catch (PathNotFoundException missing) {
        return null;
      }
    }

    public String json(String path) {
      Object found = path(path);
      return found == null ? "\"\"" : JSONValue.toJSONString(found, JSONStyle.LT_COMPRESS);
    }

    public Map<String, Object> params() {
      return parameters;
    }

    public Object params(String name) {
      for (String place : PLACES) {
        Object found = ((Map<?, ?>) parameters.get(place)).get(name);
        if (found != null) return found;
      }
      return "";
    }

    @Override
    public String toString() {
      return "";
    }
  }

  public static final class Util {
    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }

    public Object parseJson(String text) {
      return Configuration.defaultConfiguration().jsonProvider().parse(text);
    }

    public String urlEncode(String text) throws Exception {
      return URLEncoder.encode(text, "UTF-8");
    }

    public String urlDecode(String text) throws Exception {
      return URLDecoder.decode(text, "UTF-8");
    }

    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String base64Decode(String text) {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "";
    }
  }

  private static VelocityContext variables(Map<String, Object> given) {
    VelocityContext variables = new VelocityContext();
    Object own = given.get("vars");
    if (own != null) ((Map<?, ?>) own).forEach((name, value) -> variables.put((String) name, value));
    if (given.containsKey("body") || given.containsKey("params")) {
      variables.put("input", new Input(given.get("body"), given.get("params")));
      variables.put("util", new Util());
      variables.put("context", QuietMap.of(given.getOrDefault("context", new HashMap<>())));
      variables.put("stageVariables", QuietMap.of(given.getOrDefault("stageVariables", new HashMap<>())));
    }
    return variables;
  }

  // -- the tree ------------------------------------------------------------------------------------------------------

  private static Object field(Object object, String name) {
    try {
      Class<?> type = object.getClass();
      while (true) {
        try {
          Field field = type.getDeclaredField(name);
          field.setAccessible(true);
          return field.get(object);
        } catch (NoSuchFieldException above) {
          type = type.getSuperclass();
        }
      }
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<Object> list(Object... items) {
    return new ArrayList<>(Arrays.asList(items));
  }

  private static List<Node> children(Node node) {
    List<Node> found = new ArrayList<>();
    for (int at = 0; at < node.jjtGetNumChildren(); at++) found.add(node.jjtGetChild(at));
    return found;
  }

  private static List<Object> trees(List<Node> nodes) {
    List<Object> found = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof ASTDirective) found.addAll(kept((ASTDirective) node));
      Object tree = tree(node);
      if (tree != null) found.add(tree);
    }
    return found;
  }

  private static List<Object> block(Node node) {
    return trees(children(node));
  }

  private static Object text(Object characters) {
    String text = new String((char[]) characters);
    return text.isEmpty() ? null : list("text", text);
  }

  /** An expression without the node that Velocity puts round it where a directive takes one. */
  private static Object expression(Node node) {
    return node instanceof ASTExpression ? tree(node.jjtGetChild(0)) : tree(node);
  }

  private static Object binary(String operator, Node node) {
    return list("binary", operator, node.literal(), tree(node.jjtGetChild(0)), tree(node.jjtGetChild(1)));
  }

  private static Object tree(Node node) {
    if (node instanceof ASTText || node instanceof ASTTextblock || node instanceof ASTEscape) {
      return text(field(node, "ctext"));
    }
    if (node instanceof ASTComment) return text(field(node, "carr"));
    if (node instanceof ASTEscapedDirective) return list("text", node.getFirstToken().image);
    if (node instanceof ASTReference) return reference((ASTReference) node);
    if (node instanceof ASTIdentifier) return list("property", field(node, "identifier"));
    if (node instanceof ASTMethod) {
      List<Object> call = list("call", field(node, "methodName"));
      call.addAll(trees(children(node).subList(1, node.jjtGetNumChildren())));
      return call;
    }
    if (node instanceof ASTIndex) return list("index", tree(node.jjtGetChild(0)));
    if (node instanceof ASTStringLiteral) {
      Object body = field(node, "nodeTree");
      if (body == null) return list("string", field(node, "image"));
      return list("interpolation", !(Boolean) field(node, "containsLineComment"), block((Node) body));
    }
    if (node instanceof ASTIntegerLiteral) return list("integer", field(node, "value").toString());
    if (node instanceof ASTFloatingPointLiteral) {
      return list("float", Long.toHexString(Double.doubleToLongBits((Double) field(node, "value"))));
    }
    if (node instanceof ASTTrue) return list("boolean", true);
    if (node instanceof ASTFalse) return list("boolean", false);
    if (node instanceof ASTObjectArray) return list("list", block(node));
    if (node instanceof ASTMap) return list("map", block(node));
    if (node instanceof ASTIntegerRange) return list("range", block(node));
    if (node instanceof ASTExpression) return list("group", node.literal(), tree(node.jjtGetChild(0)));
    if (node instanceof ASTNotNode) return list("not", node.literal(), tree(node.jjtGetChild(0)));
    if (node instanceof ASTOrNode) return binary("||", node);
    if (node instanceof ASTAndNode) return binary("&&", node);
    if (node instanceof ASTEQNode) return binary("==", node);
    if (node instanceof ASTNENode) return binary("!=", node);
    if (node instanceof ASTLTNode) return binary("<", node);
    if (node instanceof ASTGTNode) return binary(">", node);
    if (node instanceof ASTLENode) return binary("<=", node);
    if (node instanceof ASTGENode) return binary(">=", node);
    if (node instanceof ASTAddNode) return binary("+", node);
    if (node instanceof ASTSubtractNode) return binary("-", node);
    if (node instanceof ASTMulNode) return binary("*", node);
    if (node instanceof ASTDivNode) return binary("/", node);
    if (node instanceof ASTModNode) return binary("%", node);
    if (node instanceof ASTWord) return list("word", node.getFirstToken().image);
    if (node instanceof ASTSetDirective) {
      return list("set", field(node, "leftReference"), tree(node.jjtGetChild(0)), expression(node.jjtGetChild(1)));
    }
    if (node instanceof ASTIfStatement) return conditional(node);
    if (node instanceof ASTDirective) return directive((ASTDirective) node);
    throw new IllegalStateException("no tree for " + node.getClass());
  }

  private static Object reference(ASTReference node) {
    int type = (Integer) field(node, "referenceType");
    return list(
        "reference",
        node.getRootString(),
        type == 3,
        field(node, "escaped"),
        field(node, "escPrefix"),
        field(node, "morePrefix"),
        field(node, "nullString"),
        field(node, "computableReference"),
        type == 4,
        node.literal(),
        list(node.getLine(), node.getColumn()),
        block(node));
  }

  private static Object conditional(Node node) {
    List<Node> parts = children(node);
    List<Object> branches = new ArrayList<>();
    branches.add(list(expression(parts.get(0)), block(parts.get(1))));
    Object otherwise = null;
    for (Node part : parts.subList(2, parts.size())) {
      if (part instanceof ASTElseIfStatement) {
        branches.add(list(expression(part.jjtGetChild(0)), block(part.jjtGetChild(1))));
      } else {
        otherwise = block(part.jjtGetChild(0));
      }
    }
    return list("if", branches, otherwise);
  }

  private static Object directive(ASTDirective node) {
    Object made = field(node, "directive");
    String name = node.getDirectiveName();
    List<Node> parts = children(node);
    if (made == null) return list("text", "#" + name);
    Node body = parts.isEmpty() ? null : parts.get(parts.size() - 1);
    switch (made.getClass().getSimpleName()) {
      case "Foreach":
        if (parts.size() < 3) return list("failing");
        if (parts.size() == 3) return null;
        Object block = parts.size() == 4 ? block(parts.get(3)) : references(parts.get(3));
        return list("foreach", field(made, "elementKey"), tree(parts.get(2)), block);
      case "Define":
        return list("define", field(made, "key"), block(body));
      case "Macro":
        List<Object> names = new ArrayList<>();
        for (Node part : parts.subList(0, parts.size() - 1)) {
          String image = part.getFirstToken().image;
          names.add(!names.isEmpty() && image.startsWith("$") ? image.substring(1) : image);
        }
        return list("macro", names, block(body));
      case "Literal":
        return list("literal", field(made, "literalText"), block(body));
      case "Break":
      case "Stop":
      case "Evaluate":
        return list(name, trees(parts));
      case "Include":
      case "Parse":
        return list("resource", name, trees(parts));
      case "BlockMacro":
        List<Node> arguments = parts.subList(0, parts.size() - 1);
        return list("call", name, trees(arguments), block(body), images(node));
      case "RuntimeMacro":
        return list("call", name, trees(parts), null, images(node));
      default:
        throw new IllegalStateException("no tree for " + made.getClass());
    }
  }

  /** The macros defined in those parts of a directive that are never rendered: they are defined all the same. */
  private static List<Object> kept(ASTDirective node) {
    List<Object> found = new ArrayList<>();
    List<Node> parts = children(node);
    String name = node.getDirectiveName();
    if (!node.getRuntimeServices().getBoolean("velocimacro.permissions.allow.inline", true)) return found;
    for (int at = 0; at < parts.size(); at++) {
      boolean body = at == parts.size() - 1;
      boolean rendered;
      if (name.equals("foreach")) rendered = at == (body ? 3 : 2);
      else rendered = body || !Arrays.asList("define", "macro", "literal").contains(name);
      if (!rendered) found.addAll(definitions(parts.get(at)));
    }
    return found;
  }

  private static List<Object> definitions(Node node) {
    List<Object> found = new ArrayList<>();
    if (node instanceof ASTDirective && ((ASTDirective) node).getDirectiveName().equals("macro")) {
      found.addAll(trees(Arrays.asList(node)));
      return found;
    }
    if (node instanceof ASTStringLiteral && field(node, "nodeTree") != null) {
      return definitions((Node) field(node, "nodeTree"));
    }
    for (Node child : children(node)) found.addAll(definitions(child));
    return found;
  }

  /** What an argument of #foreach prints when Velocity takes it for the body. */
  private static List<Object> references(Node node) {
    List<Object> found = new ArrayList<>();
    if (node instanceof ASTReference) found.add(tree(node));
    else for (Node child : children(node)) found.addAll(references(child));
    return found;
  }

  private static String images(Node node) {
    StringBuilder images = new StringBuilder();
    for (org.apache.velocity.runtime.parser.Token token = node.getFirstToken(); ; token = token.next) {
      images.append(token.image);
      if (token == node.getLastToken()) return images.toString();
    }
  }

  // -- one case ------------------------------------------------------------------------------------------------------

  private static void run(Map<String, Object> given, RuntimeInstance runtime, String name, Map<String, Object> result)
      throws ParseException {
    OneParser.forget();
    String template = (String) given.get("template");
    try {
      if ("parse".equals(given.get("mode"))) {
        SimpleNode tree = runtime.parse(new StringReader(template), name);
        InternalContextAdapterImpl context = new InternalContextAdapterImpl(new VelocityContext());
        context.pushCurrentTemplateName(name);
        tree.init(context, runtime);
        result.put("tree", block(tree));
      } else {
        StringWriter out = new StringWriter();
        runtime.evaluate(variables(given), out, name, template);
        result.put("out", out.toString());
      }
    } finally {
      runtime.dumpVMNamespace(name);
    }
  }

  private static void describe(Throwable problem, Map<String, Object> result) {
    result.put("error", String.valueOf(problem.getMessage()));
    result.put("exception", problem.getClass().getSimpleName());
    if (problem instanceof ParseErrorException) {
      result.put("line", ((ParseErrorException) problem).getLineNumber());
      result.put("column", ((ParseErrorException) problem).getColumnNumber());
    }
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof ExtendedParseException) {
        result.put("line", ((ExtendedParseException) cause).getLineNumber());
        result.put("column", ((ExtendedParseException) cause).getColumnNumber());
        return;
      }
    }
  }

  @SuppressWarnings({"deprecation", "removal"})
  private static void bounded(Map<String, Object> given, RuntimeInstance runtime, String name, Map<String, Object> result)
      throws InterruptedException {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              run(given, runtime, name, result);
              return null;
            });
    Thread thread = new Thread(null, task, name, 16 << 20);
    thread.start();
    try {
      task.get(SECONDS_PER_CASE, TimeUnit.SECONDS);
    } catch (ExecutionException problem) {
      describe(problem.getCause(), result);
    } catch (TimeoutException late) {
      thread.stop();
      result.clear();
      result.put("id", given.get("id"));
      result.put("error", "no answer within " + SECONDS_PER_CASE + " s");
      result.put("exception", "Timeout");
    }
  }

  // -- JSON out: ASCII alone, so that lone surrogates survive ------------------------------------------------------------

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map) {
      out.append('{');
      String separator = "";
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        out.append(separator);
        write(entry.getKey(), out);
        out.append(':');
        write(entry.getValue(), out);
        separator = ",";
      }
      out.append('}');
    } else if (value instanceof List) {
      out.append('[');
      String separator = "";
      for (Object item : (List<?>) value) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(']');
    } else if (value instanceof String) {
      out.append('"');
      for (char unit : ((String) value).toCharArray()) {
        if (unit == '"' || unit == '\\') out.append('\\').append(unit);
        else if (unit < ' ' || unit > '~') out.append(String.format("\\u%04x", (int) unit));
        else out.append(unit);
      }
      out.append('"');
    } else {
      out.append(value);
    }
  }

  @SuppressWarnings("unchecked")
  public static void main(String[] arguments) throws Exception {
    Map<String, RuntimeInstance> runtimes = new HashMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "US-ASCII");
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JSONParser parser = new JSONParser(JSONParser.MODE_PERMISSIVE);
      Map<String, Object> given = (Map<String, Object>) parser.parse(line, JSONValue.defaultReader.DEFAULT_ORDERED);
      RuntimeInstance runtime =
          runtimes.computeIfAbsent((String) given.get("profile"), profile -> runtime("api-gateway".equals(profile)));
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("id", given.get("id"));
      bounded(given, runtime, "case" + number++, result);
      StringBuilder written = new StringBuilder();
      write(result, written);
      out.print(written.append('\n'));
      out.flush();
    }
  }
}
