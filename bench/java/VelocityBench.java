import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.context.InternalContextAdapterImpl;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.parser.node.SimpleNode;
import org.apache.velocity.util.introspection.Info;

/**
 * Times Velocity 1.7 fairly: every template is parsed once, the JVM's default compilers run, and nothing is timed before
 * it is warm. Arguments: a folder of pairs NAME.vtl and NAME.json. Then, for each line `NAME SECONDS` on stdin, renders
 * that template for so long and answers with the nanoseconds of the average rendering; for `NAME ?`, answers with the
 * rendered text as one line of JSON.
 */
public class VelocityBench {
  /** API Gateway's rule: a reference without a value is the empty string. */
  public static class Missing implements InvalidReferenceEventHandler {
    public Object invalidGetMethod(Context c, String reference, Object o, String property, Info i) { return ""; }
    public boolean invalidSetMethod(Context c, String left, String right, Info i) { return false; }
    public Object invalidMethod(Context c, String reference, Object o, String method, Info i) { return ""; }
  }

  /** `$input` over a payload that is read once. */
  public static class Input {
    private final String payload;
    private final Map<String, Map<String, String>> parameters;
    private Object document;

    Input(String payload, Map<String, Map<String, String>> parameters) {
      this.payload = payload;
      this.parameters = parameters;
    }
    public String getBody() { return payload; }
    public Object path(String path) {
      if (document == null) document = Json.read(payload);
      try { return JsonPath.read(document, path); } catch (PathNotFoundException e) { return null; }
    }
    public String json(String path) {
      Object value = path(path);
      return value == null ? "\"\"" : JSONValue.toJSONString(value, JSONStyle.LT_COMPRESS);
    }
    public Object params() { return parameters; }
    public Object params(String name) {
      for (Map<String, String> values : parameters.values()) {
        if (values.containsKey(name)) return values.get(name);
      }
      return "";
    }
  }

  /** The functions of `$util` that the templates call. */
  public static class Functions {
    public String escapeJavaScript(String text) { return StringEscapeUtils.escapeJavaScript(text); }
    public String urlDecode(String text) throws Exception { return URLDecoder.decode(text, "UTF-8"); }
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final SimpleNode parsed;
  private final String name;
  private final Map<String, Object> variables;

  @SuppressWarnings("unchecked")
  VelocityBench(RuntimeInstance runtime, Path folder, String name) throws Exception {
    this.name = name;
    parsed = runtime.parse(new StringReader(Files.readString(folder.resolve(name + ".vtl"))), name);
    parsed.init(new InternalContextAdapterImpl(new VelocityContext()), runtime);
    variables = (Map<String, Object>) Json.read(Files.readString(folder.resolve(name + ".json")));
    Input input = new Input((String) variables.get("body"), (Map<String, Map<String, String>>) variables.get("params"));
    variables.put("input", input);
    variables.put("util", new Functions());
  }

  String render() throws Exception {
    VelocityContext context = new VelocityContext();
    for (String key : List.of("input", "util", "context", "stageVariables")) context.put(key, variables.get(key));
    InternalContextAdapterImpl adapter = new InternalContextAdapterImpl(context);
    adapter.pushCurrentTemplateName(name);
    StringWriter out = new StringWriter();
    parsed.render(adapter, out);
    return out.toString();
  }

  /** Nanoseconds of one rendering, on average over so many seconds. */
  double time(double seconds) throws Exception {
    long renderings = 0, length = 0, begun = System.nanoTime(), until = begun + (long) (seconds * 1e9), now;
    do {
      length += render().length();
      renderings++;
      now = System.nanoTime();
    } while (now < until);
    if (length == 0) throw new IllegalStateException("nothing was rendered");
    return (double) (now - begun) / renderings;
  }

  public static void main(String[] arguments) throws Exception {
    RuntimeInstance runtime = new RuntimeInstance();
    runtime.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    runtime.setProperty("runtime.introspector.uberspect", "org.apache.velocity.util.introspection.SecureUberspector");
    runtime.setProperty("directive.foreach.maxloops", "1000");
    runtime.setProperty("velocimacro.permissions.allow.inline", "false");
    runtime.setProperty("eventhandler.invalidreferences.class", Missing.class.getName());
    runtime.init();
    Path folder = Path.of(arguments[0]);
    Map<String, VelocityBench> templates = new java.util.HashMap<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.trim().split(" ");
      if (!templates.containsKey(words[0])) templates.put(words[0], new VelocityBench(runtime, folder, words[0]));
      VelocityBench template = templates.get(words[0]);
      answers.println(words[1].equals("?")
          ? JSONValue.toJSONString(template.render())
          : Double.toString(template.time(Double.parseDouble(words[1]))));
    }
  }
}
