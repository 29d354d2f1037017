package store

// Asset is a picture of articles.
type Asset struct {
	ID            ID
	Workspace     ID
	Hash          []byte
	Filename      string
	ContentType   string
	Size          int64
	Width, Height int
	ImportPath    string
}

const assetColumns = `id, workspace_id, hash, filename, content_type, size, width, height, import_path`

func (a *Asset) fields() []any {
	return []any{&a.ID, &a.Workspace, &a.Hash, &a.Filename, &a.ContentType, &a.Size, &a.Width, &a.Height, &a.ImportPath}
}

// Assets are the pictures of articles.
type Assets struct{ *session }

// Add keeps a picture whose content is in blobs. The same content under the same import path is the one there is.
func (a Assets) Add(v *Asset) error {
	if v.ImportPath != "" {
		found, err := one[Asset](a.session, `SELECT `+assetColumns+` FROM article_assets WHERE workspace_id = ? AND import_path = ? AND hash = ? AND import_path <> ''`, a.ws(), v.ImportPath, v.Hash)
		if err == nil {
			*v = *found
		}
		if err != ErrNotFound {
			return err
		}
	}
	v.ID, v.Workspace = a.NewID(), a.ws()
	_, err := exec(a.session, `INSERT INTO article_assets (workspace_id, id, hash, filename, content_type, size, width, height, import_path, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ws(), v.ID, v.Hash, v.Filename, v.ContentType, v.Size, v.Width, v.Height, v.ImportPath, a.Now())
	return err
}

// ByID finds a picture in whatever workspace: whoever asks has a signed link.
func (a Assets) ByID(id ID) (*Asset, error) {
	return one[Asset](a.session, `SELECT `+assetColumns+` FROM article_assets WHERE id = ?`, id)
}

// ByIDs finds pictures of the workspace.
func (a Assets) ByIDs(ids []ID) ([]Asset, error) {
	return many[Asset](a.session, `SELECT `+assetColumns+` FROM article_assets WHERE workspace_id = ? AND id IN (`+marks(len(ids))+`)`, append([]any{a.ws()}, anys(ids)...)...)
}

// ByHash finds a picture of the workspace by its content.
func (a Assets) ByHash(hash []byte) (*Asset, error) {
	return one[Asset](a.session, `SELECT `+assetColumns+` FROM article_assets WHERE workspace_id = ? AND hash = ? ORDER BY id LIMIT 1`, a.ws(), hash)
}
