package door

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// OpenAPI is the document of all doors (OpenAPI 3.1).
func (d *Doors) OpenAPI(version, url string) any {
	paths := map[string]any{}
	for _, e := range d.Entries() {
		kind := "verb"
		if e.View {
			kind = "view"
		}
		op := map[string]any{
			"operationId": e.Name, "tags": []string{strings.SplitN(e.Name, ".", 2)[0]},
			"description": "A " + kind + " for: " + e.Need.String() + ".",
			"requestBody": map[string]any{"required": true, "content": map[string]any{"application/json": map[string]any{"schema": d.input(e)}}},
			"responses": map[string]any{
				"200":     map[string]any{"description": "The result.", "content": map[string]any{"application/json": map[string]any{"schema": d.registry.Schema(e.Out, true, e.Name+"Output")}}},
				"default": map[string]any{"description": "A problem (RFC 9457).", "content": map[string]any{"application/problem+json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Problem"}}}},
			},
		}
		if e.Need.Public() {
			op["security"] = []any{}
		}
		path := map[string]any{"post": op}
		if e.GET {
			path["get"] = d.reading(e, op)
		}
		paths["/api/"+e.Name] = path
	}
	cookie := "deskbell"
	if strings.HasPrefix(url, "https:") {
		cookie = "__Host-deskbell"
	}
	schemas := map[string]any{"Problem": problem}
	for name, s := range d.registry.Map() {
		schemas[name] = s
	}
	return map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": "Deskbell", "version": version}, "servers": []any{map[string]any{"url": url}}, "paths": paths,
		"security": []any{map[string]any{"bearer": []any{}}, map[string]any{"cookie": []any{}}},
		"components": map[string]any{"schemas": schemas, "securitySchemes": map[string]any{
			"bearer": map[string]any{"type": "http", "scheme": "bearer"}, "cookie": map[string]any{"type": "apiKey", "in": "cookie", "name": cookie}}},
	}
}

// reading is a public view as it is read by GET: as by POST, with the arguments in the query.
func (d *Doors) reading(e *Entry, post map[string]any) map[string]any {
	op := maps.Clone(post)
	delete(op, "requestBody")
	op["operationId"] = e.Name + ".get"
	s := d.resolved(e.schema)
	parameters := []any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		parameters = append(parameters, map[string]any{"name": name, "in": "query", "required": slices.Contains(s.Required, name), "schema": s.Properties[name]})
	}
	op["parameters"] = parameters
	return op
}

var problem = map[string]any{
	"type": "object", "required": []string{"type", "title", "status", "code", "detail", "requestId", "errors"},
	"properties": map[string]any{
		"type": map[string]any{"type": "string"}, "title": map[string]any{"type": "string"}, "status": map[string]any{"type": "integer"},
		"code": map[string]any{"type": "string"}, "detail": map[string]any{"type": "string"}, "requestId": map[string]any{"type": "string"},
		"errors": map[string]any{"type": "array", "items": map[string]any{"type": "object", "properties": map[string]any{"field": map[string]any{"type": "string"}, "message": map[string]any{"type": "string"}}}},
	},
}

// input is a door's input, with the workspace that staff name beside it.
func (d *Doors) input(e *Entry) any {
	if !e.envelope {
		return e.schema
	}
	s := *d.resolved(e.schema)
	s.Properties = map[string]*huma.Schema{"workspaceId": {Type: "string"}}
	for name, p := range d.resolved(e.schema).Properties {
		s.Properties[name] = p
	}
	return &s
}

func (d *Doors) resolved(s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return d.registry.SchemaFromRef(s.Ref)
	}
	return s
}

// List writes one line a door: the surface of the program, for review.
func (d *Doors) List(w io.Writer) {
	for _, e := range d.Entries() {
		kind := "verb"
		if e.View {
			kind = "view"
		}
		fmt.Fprintf(w, "%s %s %s\n", kind, e.Name, e.Need)
	}
	for _, r := range d.routes {
		fmt.Fprintf(w, "page %s %s\n", r.Method, r.Path)
	}
}

// TypeScript writes the doors as types for the front ends.
func (d *Doors) TypeScript(w io.Writer) {
	fmt.Fprintln(w, "// Generated from the server's doors (go test ./app -run TestGenerated -update). Do not edit.")
	names := map[string]bool{}
	for _, e := range d.Entries() {
		d.collect(e.In, names)
		d.collect(e.Out, names)
	}
	all := d.registry.Map()
	sorted := make([]string, 0, len(names))
	for n := range names {
		sorted = append(sorted, n)
	}
	slices.Sort(sorted)
	for _, n := range sorted {
		fmt.Fprintf(w, "\nexport type %s = %s\n", n, d.ts(all[n], ""))
	}
	fmt.Fprintf(w, "\nexport interface Doors {\n")
	for _, e := range d.Entries() {
		in := d.ts(e.schema, "  ")
		if e.envelope {
			in += " & { workspaceId?: string }"
		}
		fmt.Fprintf(w, "  %q: { in: %s; out: %s; view: %v }\n", e.Name, in, d.ts(d.registry.Schema(e.Out, true, e.Name+"Output"), "  "), e.View)
	}
	fmt.Fprintln(w, "}")
}

func (d *Doors) collect(t reflect.Type, names map[string]bool) {
	d.walk(d.registry.Schema(t, true, ""), names)
}

func (d *Doors) walk(s *huma.Schema, names map[string]bool) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		n := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		if !names[n] {
			names[n] = true
			d.walk(d.registry.SchemaFromRef(s.Ref), names)
		}
		return
	}
	d.walk(s.Items, names)
	for _, p := range s.Properties {
		d.walk(p, names)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		d.walk(more, names)
	}
}

func (d *Doors) ts(s *huma.Schema, indent string) string {
	out := "unknown"
	switch {
	case s.Ref != "":
		out = s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case len(s.Enum) > 0:
		parts := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			parts[i] = fmt.Sprintf("%q", v)
		}
		out = strings.Join(parts, " | ")
	case s.Type == "string":
		out = "string"
	case s.Type == "integer" || s.Type == "number":
		out = "number"
	case s.Type == "boolean":
		out = "boolean"
	case s.Type == "array":
		out = "Array<" + d.ts(s.Items, indent) + ">"
	case s.Type == "object":
		out = d.object(s, indent)
	}
	if s.Nullable {
		out += " | null"
	}
	return out
}

func (d *Doors) object(s *huma.Schema, indent string) string {
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		return "Record<string, " + d.ts(more, indent) + ">"
	}
	names := make([]string, 0, len(s.Properties))
	for n := range s.Properties {
		names = append(names, n)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("{\n")
	for _, n := range names {
		optional := "?"
		if slices.Contains(s.Required, n) {
			optional = ""
		}
		fmt.Fprintf(&b, "%s  %s%s: %s\n", indent, n, optional, d.ts(s.Properties[n], indent+"  "))
	}
	b.WriteString(indent + "}")
	return b.String()
}
